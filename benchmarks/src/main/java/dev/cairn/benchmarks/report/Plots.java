package dev.cairn.benchmarks.report;

import dev.cairn.benchmarks.report.BarPlot.Bar;
import dev.cairn.benchmarks.report.BarPlot.Panel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The plots of a result, by name; what was not measured has none. */
final class Plots {
  static final String ENGINES = "engines";
  static final String ETCD = "etcd";
  static final String MEMORY = "memory";
  static final String MAPPED = "mapped-memory";

  /** Of the engines; the tables have everything. */
  private static final List<String> SHOWN = List.of("put", "get", "scan", "mixed");

  private final ResultFile result;

  Plots(ResultFile result) {
    this.result = result;
  }

  Map<String, String> drawn() {
    Map<String, String> drawn = new LinkedHashMap<>();
    BarPlot engines = engines();
    if (!engines.isEmpty()) {
      drawn.put(ENGINES, engines.draw());
    }
    BarPlot etcd = etcd();
    if (!etcd.isEmpty()) {
      drawn.put(ETCD, etcd.draw());
    }
    LinePlot memory = memory("Anonymous memory (RssAnon)", "rssAnonBytesMax");
    if (!memory.isEmpty()) {
      drawn.put(MEMORY, memory.draw());
      drawn.put(MAPPED, memory("Memory of files (RssFile)", "rssFileBytesMax").draw());
    }
    return drawn;
  }

  private String foot() {
    Map<String, String> about = result.about();
    return "%s, %s processors, commit %s, %s pass"
        .formatted(
            about.get("processor"), about.get("processors"), about.get("commit"), result.size());
  }

  private BarPlot engines() {
    BarPlot plot =
        new BarPlot(
            "Engines through cairn (blue) and raw libraries (grey), a second; mapdb-stock is not crash-safe",
            foot());
    Map<String, List<Score>> panels = new TreeMap<>();
    for (Score score : result.scores()) {
      if (SHOWN.contains(score.name()) && score.mode().equals("thrpt")) {
        panels.computeIfAbsent(score.what(), each -> new ArrayList<>()).add(score);
      }
    }
    panels.forEach(
        (title, scores) -> {
          scores.sort(Comparator.comparing(Score::contender));
          List<Bar> bars = new ArrayList<>();
          scores.forEach(
              each -> bars.add(new Bar(each.contender(), each.score(), color(each.contender()))));
          plot.add(new Panel(title, bars));
        });
    return plot;
  }

  private static String color(String contender) {
    if (contender.endsWith("-raw")) {
      return BarPlot.RAW;
    }
    return contender.endsWith("-stock") || contender.equals("rocksdb")
        ? BarPlot.OTHER
        : BarPlot.OURS;
  }

  private BarPlot etcd() {
    BarPlot plot = new BarPlot("Beside etcd: seconds, the less the better", foot());
    panels(plot, "save", "Save over loopback");
    panels(plot, "restore", "Restore to a data directory");
    return plot;
  }

  private void panels(BarPlot plot, String scenario, String title) {
    Figures figures = Figures.of(result, scenario);
    for (int size : figures.sizes()) {
      List<Bar> bars = new ArrayList<>();
      for (String subject : figures.subjects()) {
        double seconds = figures.median(subject, size, "seconds");
        bars.add(
            new Bar(subject, seconds, subject.startsWith("etcdctl") ? BarPlot.RAW : BarPlot.OURS));
      }
      plot.add(new Panel("%s, %,d MiB, s".formatted(title, size), bars));
    }
  }

  private LinePlot memory(String what, String name) {
    LinePlot plot = new LinePlot(what + " at most, MiB, by size of the image");
    lines(plot, "save", "save, ", name);
    lines(plot, "save", "server of save, ", "server " + name);
    lines(plot, "restore", "restore, ", name);
    return plot;
  }

  private void lines(LinePlot plot, String scenario, String prefix, String name) {
    Figures figures = Figures.of(result, scenario);
    for (String subject : figures.subjects()) {
      for (int size : figures.sizes()) {
        plot.add(prefix + subject, size, figures.most(subject, size, name) / 1048576);
      }
    }
  }
}
