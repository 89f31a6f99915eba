package dev.cairn.wal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Logs and {@code .snap} files that the real etcd and etcdctl 3.4.23 wrote, with the facts that an
 * independent parser found in them. Of each segment the records alone are kept: the zeros that it
 * is preallocated with, up to its real size, are left out.
 */
public enum RaftFixture {
  /** A server with one member that was stopped after a few requests. */
  LIVE("live"),
  /** Restored without flags. */
  RESTORED_DEFAULTS("restored-defaults"),
  /** The same from a copied database. */
  RESTORED_RAWCOPY("restored-rawcopy-skip-hash"),
  /** Restored as one member with flags. */
  RESTORED_SINGLE("restored-single"),
  /** The first of three members. */
  RESTORED_M1("restored-three-m1"),
  /** The second, with two URLs. */
  RESTORED_M2("restored-three-m2"),
  /** The third. */
  RESTORED_M3("restored-three-m3"),
  /** One member, from another snapshot. */
  RICH_SINGLE("rich-restored-single"),
  /** The second of three members, from another snapshot. */
  RICH_M2("rich-restored-three-m2"),
  /** A server that took four snapshots. */
  WAL("wal"),
  /** A server whose log was cut into two segments. */
  WALCUT("walcut");

  /** The fixtures that a restore made. */
  public static final List<RaftFixture> RESTORED =
      List.of(
          RESTORED_DEFAULTS,
          RESTORED_RAWCOPY,
          RESTORED_SINGLE,
          RESTORED_M1,
          RESTORED_M2,
          RESTORED_M3,
          RICH_SINGLE,
          RICH_M2);

  /** The first segment of every log. */
  public static final String FIRST_SEGMENT = "0000000000000000-0000000000000000.wal";

  private final String label;

  RaftFixture(String label) {
    this.label = label;
  }

  /** A segment's records, or a whole {@code .snap}. */
  public byte[] bytes(String file) {
    try (InputStream in = new GZIPInputStream(resource(file + ".gz"))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** JSON. */
  public String facts() {
    try (InputStream in = resource("facts.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private InputStream resource(String file) {
    return RaftFixture.class.getResourceAsStream("/fixtures/raft/" + label + "/" + file);
  }

  /** Writes a segment's records to a directory. */
  public Path unpack(String file, Path directory) {
    try {
      return Files.write(directory.resolve(file), bytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
