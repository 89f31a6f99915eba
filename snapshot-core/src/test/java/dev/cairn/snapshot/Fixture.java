package dev.cairn.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** Files that etcd 3.4.23 wrote, with what its tools and its server said of them. */
public enum Fixture {
  TINY("tiny.db", "etcd/tiny-snapshot.db", true, 2252043591L, 8, 11, 20480, 437972398L, 12),
  RICH(
      "rich.db.gz",
      "etcd/rich-snapshot.db",
      true,
      2915206798L,
      3310,
      3443,
      2752512,
      3248905780L,
      3329),
  WAL("wal.db.gz", "etcd/wal.db", false, 4009439260L, 408, 311, 69632, 111883776L, 412),
  WALCUT("walcut.db", "etcd/walcut.db", false, 2650580357L, 70, 7, 20480, 3392359723L, 75);

  public final String file;

  /** The name of its image in the golden set. */
  public final String golden;

  public final boolean hasHash;
  public final int statusHash;
  public final long revision;
  public final long totalKeys;
  public final long totalSize;
  public final int maintenanceHash;
  public final long consistentIndex;

  Fixture(
      String file,
      String golden,
      boolean hasHash,
      long statusHash,
      long revision,
      long totalKeys,
      long totalSize,
      long maintenanceHash,
      long consistentIndex) {
    this.file = file;
    this.golden = golden;
    this.hasHash = hasHash;
    this.statusHash = (int) statusHash;
    this.revision = revision;
    this.totalKeys = totalKeys;
    this.totalSize = totalSize;
    this.maintenanceHash = (int) maintenanceHash;
    this.consistentIndex = consistentIndex;
  }

  /** The bytes of the file. */
  public byte[] bytes() {
    return resource(file);
  }

  /** Puts the file into a directory of a test. */
  public Path in(Path directory) {
    try {
      return Files.write(directory.resolve(name().toLowerCase(Locale.ROOT)), bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] resource(String name) {
    try (InputStream packed = Fixture.class.getResourceAsStream("/fixtures/" + name)) {
      return name.endsWith(".gz")
          ? new GZIPInputStream(packed).readAllBytes()
          : packed.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
