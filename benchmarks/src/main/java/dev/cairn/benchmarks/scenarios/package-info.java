/**
 * Whole processes side by side: saves and restores beside real etcd, writes while a save runs. Each
 * subject runs as a user runs it, process start included, in turn with the others and in several
 * rounds.
 */
package dev.cairn.benchmarks.scenarios;
