package dev.cairn.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** Panels of horizontal bars, two beside each other; each panel has its own scale. */
final class BarPlot {
  static final String OURS = "#1f6feb";
  static final String RAW = "#a5b4c4";
  static final String OTHER = "#d29922";

  private static final String INK = "#1f2328";
  private static final int PANEL_WIDTH = 460;
  private static final int ROW = 18;
  private static final int LABEL_WIDTH = 165;
  private static final int VALUE_WIDTH = 70;
  private static final int HEAD = 34;
  private static final int MARGIN = 16;

  /** One bar. */
  record Bar(String label, double value, String color) {}

  /** Bars of one scale. */
  record Panel(String title, List<Bar> bars) {
    int height() {
      return HEAD + bars.size() * ROW + MARGIN;
    }
  }

  private final String title;
  private final String foot;
  private final List<Panel> panels = new ArrayList<>();

  BarPlot(String title, String foot) {
    this.title = title;
    this.foot = foot;
  }

  void add(Panel panel) {
    if (!panel.bars().isEmpty()) {
      panels.add(panel);
    }
  }

  boolean isEmpty() {
    return panels.isEmpty();
  }

  String draw() {
    int height = 40 + 24;
    for (int i = 0; i < panels.size(); i += 2) {
      height += rowHeight(i);
    }
    Svg svg = new Svg(2 * PANEL_WIDTH + 3 * MARGIN, height, title);
    svg.heading(MARGIN, 24, title);
    int y = 40;
    for (int i = 0; i < panels.size(); i++) {
      panel(svg, panels.get(i), MARGIN + i % 2 * (PANEL_WIDTH + MARGIN), y);
      y += i % 2 == 1 ? rowHeight(i - 1) : 0;
    }
    svg.label(MARGIN, height - 10, "start", "#59636e", foot);
    return svg.toString();
  }

  private int rowHeight(int first) {
    int second = first + 1 < panels.size() ? panels.get(first + 1).height() : 0;
    return Math.max(panels.get(first).height(), second);
  }

  private static void panel(Svg svg, Panel panel, int x, int y) {
    double most = panel.bars().stream().mapToDouble(Bar::value).max().orElse(1);
    int room = PANEL_WIDTH - LABEL_WIDTH - VALUE_WIDTH;
    svg.label(x, y + 20, "start", INK, panel.title());
    int row = y + HEAD;
    for (Bar bar : panel.bars()) {
      double width = Math.max(1, room * bar.value() / most);
      svg.label(x + LABEL_WIDTH - 6, row + 11, "end", INK, bar.label());
      svg.bar(x + LABEL_WIDTH, row, width, ROW - 4, bar.color());
      svg.label(x + LABEL_WIDTH + width + 5, row + 11, "start", INK, Numbers.of(bar.value()));
      row += ROW;
    }
  }
}
