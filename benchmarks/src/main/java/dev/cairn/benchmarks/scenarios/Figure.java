package dev.cairn.benchmarks.scenarios;

import java.util.Map;

/**
 * What one round of one subject showed.
 *
 * @param scenario what was done: {@code save}, {@code restore}, {@code write latency}, ...
 * @param subject who did it
 * @param mebibytes how large the content was to be
 * @param round from 0
 * @param values by name, the unit in the name
 */
public record Figure(
    String scenario, String subject, int mebibytes, int round, Map<String, Double> values) {}
