package dev.cairn.benchmarks.report;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lines over a size that doubles from step to step. */
final class LinePlot {
  private static final List<String> COLORS =
      List.of("#1f6feb", "#1a7f37", "#8250df", "#d29922", "#cf222e", "#57606a");
  private static final int LEFT = 60;
  private static final int TOP = 50;
  private static final int WIDTH = 480;
  private static final int HEIGHT = 260;
  private static final int LEGEND = 300;

  private final String title;
  private final Map<String, TreeMap<Integer, Double>> lines = new TreeMap<>();

  LinePlot(String title) {
    this.title = title;
  }

  void add(String line, int x, double y) {
    if (!Double.isNaN(y)) {
      lines.computeIfAbsent(line, each -> new TreeMap<>()).put(x, y);
    }
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  String draw() {
    double most =
        roundedUp(
            lines.values().stream()
                .flatMap(each -> each.values().stream())
                .mapToDouble(y -> y)
                .max()
                .orElse(1));
    int least = lines.values().stream().mapToInt(TreeMap::firstKey).min().orElse(1);
    int last = lines.values().stream().mapToInt(TreeMap::lastKey).max().orElse(2);
    Svg svg = new Svg(LEFT + WIDTH + LEGEND, TOP + HEIGHT + 50, title);
    svg.heading(16, 24, title);
    axes(svg, most, least, last);
    int number = 0;
    for (Map.Entry<String, TreeMap<Integer, Double>> each : lines.entrySet()) {
      String color = COLORS.get(number % COLORS.size());
      String dash = number < COLORS.size() ? "none" : "5 4";
      line(svg, each.getValue(), color, dash, most, least, last);
      int y = TOP + 14 + number * 20;
      svg.line(LEFT + WIDTH + 16, y - 7, LEFT + WIDTH + 36, y - 7, color, 3, dash);
      svg.label(LEFT + WIDTH + 42, y - 3, "start", "#1f2328", each.getKey());
      number++;
    }
    return svg.toString();
  }

  /** To 1, 2 or 4 times a power of ten, so that the four steps of the axis are round. */
  private static double roundedUp(double most) {
    double unit = Math.pow(10, Math.floor(Math.log10(most)));
    return unit
        * (most <= unit
            ? 1
            : most <= 2 * unit ? 2 : most <= 4 * unit ? 4 : most <= 8 * unit ? 8 : 10);
  }

  private static double x(int at, int least, int last) {
    double share =
        least == last ? 0.5 : Math.log((double) at / least) / Math.log((double) last / least);
    return LEFT + 10 + share * (WIDTH - 20);
  }

  private static double y(double at, double most) {
    return TOP + HEIGHT - HEIGHT * at / most;
  }

  private static void axes(Svg svg, double most, int least, int last) {
    for (int i = 0; i <= 4; i++) {
      double value = most * i / 4;
      svg.line(LEFT, y(value, most), LEFT + WIDTH, y(value, most), "#d1d9e0", 1, "none");
      svg.label(LEFT - 6, y(value, most) + 4, "end", "#59636e", Numbers.of(value));
    }
    for (int size = least; size <= last; size *= 2) {
      svg.label(x(size, least, last), TOP + HEIGHT + 18, "middle", "#59636e", size + " MiB");
    }
  }

  private static void line(
      Svg svg,
      TreeMap<Integer, Double> points,
      String color,
      String dash,
      double most,
      int least,
      int last) {
    Map.Entry<Integer, Double> before = null;
    for (Map.Entry<Integer, Double> point : points.entrySet()) {
      double x = x(point.getKey(), least, last);
      double y = y(point.getValue(), most);
      if (before != null) {
        svg.line(x(before.getKey(), least, last), y(before.getValue(), most), x, y, color, 2, dash);
      }
      svg.dot(x, y, color);
      before = point;
    }
  }
}
