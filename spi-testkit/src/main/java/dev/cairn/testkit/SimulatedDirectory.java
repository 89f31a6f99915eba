package dev.cairn.testkit;

import java.util.TreeMap;

/** The names of a simulated directory: those a process sees, and those the device surely has. */
final class SimulatedDirectory implements SimulatedNode {
  final TreeMap<String, SimulatedNode> seen = new TreeMap<>();
  final TreeMap<String, SimulatedNode> durable = new TreeMap<>();
}
