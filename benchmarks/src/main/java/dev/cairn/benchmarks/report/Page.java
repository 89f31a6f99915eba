package dev.cairn.benchmarks.report;

import java.util.List;

/** Markdown. */
final class Page {
  private final StringBuilder text = new StringBuilder();

  Page line(String line) {
    text.append(line).append('\n');
    return this;
  }

  Page paragraph(String words) {
    return line("").line(words);
  }

  Page heading(String words) {
    return line("").line("## " + words);
  }

  /** The first column is words, the others are numbers. */
  Page tableHead(List<String> columns) {
    line("").line("| " + String.join(" | ", columns) + " |");
    return line("|---|" + "---:|".repeat(columns.size() - 1));
  }

  Page row(String... cells) {
    return line("| " + String.join(" | ", cells) + " |");
  }

  Page picture(String words, String file) {
    return line("").line("![%s](%s)".formatted(words, file));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
