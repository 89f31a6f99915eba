package dev.cairn.testkit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Counts the operations of a simulated disk and says which go wrong. Guarded by the disk. */
final class SimulatedFaults {
  private record Rule(Predicate<DiskOperation> when, SimulatedDisk.Fault fault) {}

  private final List<Rule> rules = new ArrayList<>();
  private final Map<DiskOperation.Kind, Long> counts = new EnumMap<>(DiskOperation.Kind.class);

  void add(Predicate<DiskOperation> when, SimulatedDisk.Fault fault) {
    rules.add(new Rule(when, fault));
  }

  void clear() {
    rules.clear();
  }

  long count(DiskOperation.Kind kind) {
    return counts.merge(kind, 1L, Long::sum);
  }

  /** The fault of the first rule that fits, or null. */
  SimulatedDisk.Fault of(DiskOperation operation) {
    for (Rule rule : rules) {
      if (rule.when().test(operation)) {
        return rule.fault();
      }
    }
    return null;
  }
}
