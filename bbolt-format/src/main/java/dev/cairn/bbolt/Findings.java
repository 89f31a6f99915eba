package dev.cairn.bbolt;

import java.util.ArrayList;
import java.util.List;

/** What is wrong, as lines; only the first ones are kept. */
final class Findings {
  static final int KEPT_MAX = 100;

  private final List<String> kept = new ArrayList<>();
  private long count;

  void add(String line) {
    count++;
    if (kept.size() < KEPT_MAX) {
      kept.add(line);
    }
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>(kept);
    if (count > kept.size()) {
      lines.add("and " + (count - kept.size()) + " more");
    }
    return lines;
  }
}
