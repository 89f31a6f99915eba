package dev.cairn.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Everything that people read of a result: a page, its plots, and the part of the README. */
public final class Report {
  private static final String BEGIN = "<!-- benchmarks: written by benchmarks/run -->";
  private static final String END = "<!-- /benchmarks -->";

  private final ResultFile result;
  private final Plots plots;

  /**
   * A report of what was measured.
   *
   * @param result what was measured
   */
  public Report(ResultFile result) {
    this.result = result;
    plots = new Plots(result);
  }

  /**
   * Writes the page and the plots beside the JSON file.
   *
   * @throws IOException when one of them cannot be written
   */
  public void write() throws IOException {
    for (Map.Entry<String, String> plot : plots.drawn().entrySet()) {
      ResultFile.write(plotFile(plot.getKey()), plot.getValue());
    }
    ResultFile.write(result.path().resolveSibling(result.name() + ".md"), page());
  }

  private Path plotFile(String plot) {
    return result.path().resolveSibling(result.name() + "-" + plot + ".svg");
  }

  String page() {
    Page page = new Page();
    page.line("# Benchmarks " + result.name());
    page.paragraph(
        "Made by `benchmarks/run %s` from the JSON file beside it. Figures of another machine or another run are to be compared with none of these; ratios within one table are what they are good for."
            .formatted(result.size()));
    page.tableHead(List.of("about", "-"));
    result.about().forEach(page::row);
    page.paragraph(
        "Every store commits durably (`SYNC`: each commit is on the disk when it returns), but for `mapdb-stock`, MapDB's own `transactionEnable()`, which syncs and yet does not survive a killed process: its figures are of another promise. `-raw` is an engine's library used directly, with the same durability, flags and buffers; `mapdb-raw` runs on the journaled file of `engine-mapdb`.");
    plots.drawn().keySet().forEach(each -> page.picture(each, plotFile(each).getFileName() + ""));
    new Goals(result).write(page);
    new ProcessTables(result, page).write();
    new JmhTables(result, page).write();
    return page.toString();
  }

  /**
   * Writes the plots and the comparison with etcd between the marks of a README.
   *
   * @param readme the file
   * @param results where the page and the plots are, as the README names it
   * @throws IOException when it cannot be read or written, or has no marks
   */
  public void writeInto(Path readme, String results) throws IOException {
    String text = Files.readString(readme);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException(readme + " has no place for benchmarks: " + BEGIN + " ... " + END);
    }
    ResultFile.write(
        readme,
        text.substring(0, begin + BEGIN.length()) + "\n" + summary(results) + text.substring(end));
  }

  private String summary(String results) {
    Page page = new Page();
    String prefix = results + "/" + result.name();
    plots.drawn().keySet().stream()
        .filter(each -> each.equals(Plots.ENGINES) || each.equals(Plots.ETCD))
        .forEach(each -> page.picture(each, prefix + "-" + each + ".svg"));
    new EtcdSummary(result).write(page);
    page.paragraph(
        "All tables, the spread, the goals, and the machine: [%s](%s.md). A figure is good for a comparison within its own table."
            .formatted(result.name(), prefix));
    return page.line("").toString();
  }
}
