package dev.cairn.snapshot;

import dev.cairn.etcd.EtcdCheck;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Reads everything that a view sees, every value to its last byte, and checks it. */
final class FullRead {
  /** What says something of the file; the rest says only that it could not be looked at. */
  private static final Set<Code> DAMAGE =
      EnumSet.of(Code.CORRUPT, Code.HASH_MISMATCH, Code.UNSUPPORTED, Code.LIMIT);

  private FullRead() {}

  /** Opens a view, checks it and closes it; damage is a finding, not an exception. */
  static CheckReport of(Supplier<ReadView> opener) {
    try (ReadView view = opener.get()) {
      return of(view);
    } catch (StorageException e) {
      if (!DAMAGE.contains(e.code())) {
        throw e;
      }
      return new CheckReport(List.of(e.getMessage()), List.of(), 0, 0);
    }
  }

  /** Checks a view that is left open. */
  static CheckReport of(ReadView view) {
    EtcdCheck content = EtcdCheck.of(view);
    return new CheckReport(
        content.findings(), content.notes(), content.buckets(), content.entries());
  }
}
