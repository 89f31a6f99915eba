/**
 * The bbolt engine beside bbolt itself: the same work on the same keys, in turn, each in a process
 * of its own ({@link dev.cairn.benchmarks.bbolt.BboltBesideGo}).
 */
package dev.cairn.benchmarks.bbolt;
