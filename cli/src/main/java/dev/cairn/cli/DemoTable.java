package dev.cairn.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What each end of the demo holds; what one end cannot tell is left out and not compared. */
final class DemoTable {
  private static final String NOT_TOLD = "-";
  private static final int HASH_CHARACTERS_SHOWN = 16;

  /**
   * One end.
   *
   * @param name what it is
   * @param revision the newest one
   * @param liveKeys keys a client sees
   * @param hashKv etcd's hash over all revisions
   * @param contentHash content hash v1, or null
   * @param imageSha256 SHA-256 of the etcd image of it, or null
   */
  record End(
      String name,
      long revision,
      long liveKeys,
      long hashKv,
      String contentHash,
      String imageSha256) {
    boolean sameAs(End other) {
      return revision == other.revision
          && liveKeys == other.liveKeys
          && hashKv == other.hashKv
          && agree(contentHash, other.contentHash)
          && agree(imageSha256, other.imageSha256);
    }

    private static boolean agree(String mine, String others) {
      return mine == null || others == null || Objects.equals(mine, others);
    }
  }

  private final List<End> ends = new ArrayList<>();

  void add(End end) {
    ends.add(end);
  }

  /** Whether every end agrees with every other one. */
  boolean allSame() {
    return ends.stream().allMatch(one -> ends.stream().allMatch(one::sameAs));
  }

  void print(PrintStream out) {
    line(out, "", "revision", "live keys", "HashKV", "content v1", "SHA-256 of etcd image");
    for (End end : ends) {
      line(
          out,
          end.name(),
          "%,d".formatted(end.revision()),
          "%,d".formatted(end.liveKeys()),
          Long.toHexString(end.hashKv()),
          shortened(end.contentHash()),
          shortened(end.imageSha256()));
    }
  }

  private static String shortened(String hash) {
    if (hash == null) {
      return NOT_TOLD;
    }
    String digits = hash.substring(hash.indexOf(':') + 1);
    return digits.substring(0, HASH_CHARACTERS_SHOWN) + "...";
  }

  private static void line(PrintStream out, String... cells) {
    String form = "  %-17s %9s %10s  %-8s  %-19s  %s";
    out.println(form.formatted((Object[]) cells).stripTrailing());
  }
}
