package dev.cairn.benchmarks.report;

import java.util.List;

/** The comparison with etcd in one small table. */
final class EtcdSummary {
  private final ResultFile result;

  EtcdSummary(ResultFile result) {
    this.result = result;
  }

  void write(Page page) {
    Figures saves = Figures.of(result, "save");
    Figures restores = Figures.of(result, "restore");
    if (saves.isEmpty() && restores.isEmpty()) {
      return;
    }
    page.tableHead(
        List.of(
            "beside etcd " + result.about().getOrDefault("etcd", ""),
            "MB",
            "s",
            "MB/s",
            "wall time / etcdctl",
            "client's RssAnon MiB"));
    rows(page, "save, ", saves, "etcdctl from etcd");
    rows(page, "restore, ", restores, "etcdctl");
  }

  private static void rows(Page page, String prefix, Figures figures, String other) {
    if (figures.isEmpty()) {
      return;
    }
    List<Integer> sizes = figures.sizes();
    int size = sizes.get(sizes.size() - 1);
    for (String subject : figures.subjects()) {
      double bytes = figures.median(subject, size, "bytes");
      double seconds = figures.median(subject, size, "seconds");
      page.row(
          prefix + subject,
          Numbers.of(bytes / 1e6),
          Numbers.of(seconds),
          Numbers.of(bytes / 1e6 / seconds),
          Numbers.of(figures.ratio(subject, other, size, "seconds")),
          Numbers.mebibytes(figures.most(subject, size, "rssAnonBytesMax")));
    }
  }
}
