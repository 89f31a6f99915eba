package dev.cairn.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the design asks for, what was seen, and whether that is enough. */
final class Goals {
  private static final int SMALL_MEBIBYTES = 512;
  private static final int LARGE_MEBIBYTES = 4_096;

  private final ResultFile result;
  private final List<Score> scores;

  Goals(ResultFile result) {
    this.result = result;
    scores = result.scores();
  }

  void write(Page page) {
    page.heading("Goals");
    page.tableHead(List.of("goal", "seen", "bound", "met"));
    overRaw(page);
    images(page);
    processes(page);
    bbolt(page);
    wal(page);
    latency(page);
  }

  private static void atLeast(Page page, String what, double seen, double bound) {
    row(page, what, seen, ">= " + Numbers.of(bound), seen >= bound);
  }

  private static void atMost(Page page, String what, double seen, double bound) {
    row(page, what, seen, "<= " + Numbers.of(bound), seen <= bound);
  }

  private static void row(Page page, String what, double seen, String bound, boolean met) {
    if (!Double.isNaN(seen)) {
      page.row(what, Numbers.of(seen), bound, met ? "yes" : "**no**");
    }
  }

  /** The worst of each kind of work for each engine. */
  private void overRaw(Page page) {
    Map<String, Double> worst = new TreeMap<>();
    for (Score score : scores) {
      double ofRaw = JmhTables.ofRaw(score, scores);
      String kind = kind(score.name());
      if (!Double.isNaN(ofRaw) && !kind.isEmpty()) {
        worst.merge(
            score.contender() + " over its raw library, worst of " + kind, ofRaw, Math::min);
      }
    }
    worst.forEach((what, seen) -> atLeast(page, what, seen, 0.95));
  }

  private static String kind(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (String kind : List.of("put", "get", "scan")) {
      if (lower.startsWith(kind)) {
        return kind + "s";
      }
    }
    return "";
  }

  private void images(Page page) {
    double sha256 = bytes("sha256", "");
    double machine = Math.min(sha256, bytes("fileCopy", ""));
    for (String engine : List.of("lmdb", "h2", "mapdb", "bbolt")) {
      double image = bytes("nativeImage", engine);
      String what = engine + ": native image to nowhere over the lesser of SHA-256 and file copy";
      atLeast(page, what, image / machine, 0.8);
    }
    double ofEtcd = bytes("etcdImage", "lmdb") / bytes("nativeImage", "lmdb");
    atLeast(page, "lmdb: etcd image over native image, values of 1,000 bytes", ofEtcd, 0.5);
  }

  /** Bytes a second with values of 1,000 bytes; NaN where it was not measured. */
  private double bytes(String name, String contender) {
    return scores.stream()
        .filter(each -> each.name().equals(name + ": bytes"))
        .filter(each -> each.contender().equals(contender))
        .filter(each -> "1000".equals(each.params().get("valueBytes")))
        .mapToDouble(Score::score)
        .findFirst()
        .orElse(Double.NaN);
  }

  private void processes(Page page) {
    Figures saves = Figures.of(result, "save");
    String other = "etcdctl from etcd";
    for (int size : stated(saves)) {
      double bound = size >= LARGE_MEBIBYTES ? 0.25 : 0.4;
      for (String engine : List.of("lmdb", "bbolt")) {
        String ours = "cairn from cairn (" + engine + ")";
        String what = "save, %s, %,d MiB: wall time over etcdctl's".formatted(ours, size);
        atMost(page, what, saves.ratio(ours, other, size, "seconds"), bound);
      }
      String what = "save, cairn from etcd, %,d MiB: wall time over etcdctl's".formatted(size);
      atMost(page, what, saves.ratio("cairn from etcd", other, size, "seconds"), 1);
    }
    Figures restores = Figures.of(result, "restore");
    for (int size : stated(restores)) {
      String what = "restore to bbolt, %,d MiB: ".formatted(size);
      double ratio = restores.ratio("cairn to bbolt", "etcdctl", size, "seconds");
      atMost(page, what + "wall time over etcdctl's", ratio, 0.5);
      double rss = restores.most("cairn to bbolt", size, "rssAnonBytesMax") / 1048576;
      atMost(page, what + "RssAnon MiB", rss, 96);
    }
  }

  /** The goals are for images of 512 MiB and more. */
  private static List<Integer> stated(Figures figures) {
    return figures.sizes().stream()
        .filter(size -> size >= SMALL_MEBIBYTES)
        .collect(Collectors.toList());
  }

  private void bbolt(Page page) {
    Figures figures = Figures.of(result, "bbolt");
    for (String operation : figures.subjects()) {
      int size = figures.sizes().get(0);
      double ratio = figures.median(operation, size, "ratioMedian");
      atLeast(page, "bbolt engine over Go's bbolt: " + operation, ratio, 1);
    }
  }

  private void wal(Page page) {
    for (Score bare : scores) {
      for (Score wal : scores) {
        boolean beside = wal.params().equals(bare.params()) && bare.name().equals("bareBy1");
        if (beside && wal.name().equals("walBy1")) {
          String what = "WAL, 1 appender over a bare writer, " + bare.params();
          atLeast(page, what, wal.score() / bare.score(), 0.9);
        } else if (beside && wal.name().equals("walBy16")) {
          String what = "WAL, 16 appenders over a bare writer, " + bare.params();
          row(page, what, wal.score() / bare.score(), "shown", true);
        }
      }
    }
  }

  private void latency(Page page) {
    Figures figures = Figures.of(result, "write latency");
    for (String engine : ProcessTables.engines(figures)) {
      int size = figures.sizes().get(0);
      String what = engine + ": write p99 during saves over idle";
      double ratio = figures.ratio(engine + " during saves", engine + " idle", size, "p99Micros");
      atMost(page, what, ratio, 1.5);
    }
  }
}
