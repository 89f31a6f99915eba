package dev.cairn.benchmarks.report;

import java.util.List;
import java.util.stream.Collectors;

/** The tables of what whole processes did. */
final class ProcessTables {
  private final ResultFile result;
  private final Page page;

  ProcessTables(ResultFile result, Page page) {
    this.result = result;
    this.page = page;
  }

  void write() {
    besideEtcdctl(
        "save",
        "Saves over loopback, process start included",
        "etcdctl from etcd",
        "Etcd's schema with values of 1,000 bytes, the same content for all; whole and proven by its hash where the client is cairn, `fsync` at the end by both. Clients and servers of cairn run with `-Xmx64m`; each server has served one save before.");
    besideEtcdctl(
        "restore",
        "Restores of one snapshot file to a data directory",
        "etcdctl",
        "The same content; hash checked by both; cairn runs with `-Xmx64m`, checks every page and entry before it writes and proves the result before it publishes it.");
    latency();
    bbolt();
  }

  private void besideEtcdctl(String scenario, String heading, String other, String words) {
    Figures figures = Figures.of(result, scenario);
    if (figures.isEmpty()) {
      return;
    }
    boolean served = scenario.equals("save");
    page.heading(heading);
    page.paragraph(
        words
            + " `benchmarks/run %s %s`; medians of %d round(s), all in turn; the ratio is the median of those of the rounds."
                .formatted(result.size(), scenario, figures.rounds()));
    page.tableHead(
        List.of(
            "what",
            "MB",
            "s (least - most)",
            "MB/s",
            "wall time / " + other,
            "RssAnon MiB",
            "RssFile MiB",
            served ? "server's RssAnon MiB" : "-",
            served ? "server's RssFile MiB" : "-"));
    for (int size : figures.sizes()) {
      for (String subject : figures.subjects()) {
        double bytes = figures.median(subject, size, "bytes");
        double seconds = figures.median(subject, size, "seconds");
        page.row(
            subject,
            Numbers.of(bytes / 1e6),
            "%s (%s)"
                .formatted(
                    Numbers.of(seconds),
                    Numbers.range(
                        figures.least(subject, size, "seconds"),
                        figures.most(subject, size, "seconds"))),
            Numbers.of(bytes / 1e6 / seconds),
            Numbers.of(figures.ratio(subject, other, size, "seconds")),
            mebibytes(figures, subject, size, "rssAnonBytesMax"),
            mebibytes(figures, subject, size, "rssFileBytesMax"),
            mebibytes(figures, subject, size, "server rssAnonBytesMax"),
            mebibytes(figures, subject, size, "server rssFileBytesMax"));
      }
    }
  }

  private static String mebibytes(Figures figures, String subject, int size, String name) {
    return Numbers.mebibytes(figures.most(subject, size, name));
  }

  private void latency() {
    Figures figures = Figures.of(result, "write latency");
    if (figures.isEmpty()) {
      return;
    }
    int size = figures.sizes().get(0);
    page.heading("Durable puts while the store is saved");
    page.paragraph(
        "One writer, open loop at 30 %% of its peak, timed from when each put was due; a second process saves the store over and over meanwhile, or none does. Values of 1,000 bytes, %d MiB in the store, `SYNC`. `benchmarks/run %s latency`; medians of %d round(s)."
            .formatted(size, result.size(), figures.rounds()));
    page.tableHead(
        List.of(
            "engine",
            "peak puts/s",
            "idle p50 µs",
            "idle p99 µs",
            "saving p50 µs",
            "saving p99 µs",
            "p99 saving / idle",
            "saves"));
    for (String engine : engines(figures)) {
      String idle = engine + " idle";
      String saving = engine + " during saves";
      page.row(
          engine,
          Numbers.of(figures.median(idle, size, "peak puts a second")),
          Numbers.of(figures.median(idle, size, "p50Micros")),
          Numbers.of(figures.median(idle, size, "p99Micros")),
          Numbers.of(figures.median(saving, size, "p50Micros")),
          Numbers.of(figures.median(saving, size, "p99Micros")),
          Numbers.of(figures.ratio(saving, idle, size, "p99Micros")),
          Numbers.of(figures.median(saving, size, "saves")));
    }
  }

  static List<String> engines(Figures latency) {
    return latency.subjects().stream()
        .map(each -> each.split(" ")[0])
        .distinct()
        .collect(Collectors.toList());
  }

  private void bbolt() {
    Figures figures = Figures.of(result, "bbolt");
    if (figures.isEmpty()) {
      return;
    }
    page.heading("The bbolt engine beside Go's bbolt");
    page.paragraph(
        "The same work by both, in turn, keys of 16 and values of 100 bytes, %d MiB of them; every commit is synced; start of the processes left out. `benchmarks/run %s bbolt`."
            .formatted(figures.sizes().get(0), result.size()));
    page.tableHead(
        List.of("operation", "cairn's a second", "Go's a second", "ratio (least - most)"));
    for (String operation : figures.subjects()) {
      int size = figures.sizes().get(0);
      page.row(
          operation,
          Numbers.of(figures.median(operation, size, "ours")),
          Numbers.of(figures.median(operation, size, "theirs")),
          "%s (%s)"
              .formatted(
                  Numbers.of(figures.median(operation, size, "ratioMedian")),
                  Numbers.range(
                      figures.median(operation, size, "ratioMin"),
                      figures.median(operation, size, "ratioMax"))));
    }
  }
}
