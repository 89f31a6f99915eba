/**
 * What an engine author tests with, and what anybody tests with who builds on engines.
 *
 * <p>For engines, abstract JUnit 5 classes to extend, each with one method to write: {@link
 * dev.cairn.testkit.BackendContract}, {@link dev.cairn.testkit.RandomHistories}, {@link
 * dev.cairn.testkit.KillNine}, {@link dev.cairn.testkit.SnapshotUnderWrite} and {@link
 * dev.cairn.testkit.Interrupts}. For code on a {@link dev.cairn.io.Disk}, {@link
 * dev.cairn.testkit.SimulatedDisk} and {@link dev.cairn.testkit.PowerCuts}. For code above the SPI,
 * {@link dev.cairn.testkit.HeapEngine}, the reference that other engines are compared with, and
 * {@link dev.cairn.testkit.StrictEngine}, which watches how an engine is used.
 *
 * <p>Every run prints its seed with the command that replays it, and the counts it did.
 */
package dev.cairn.testkit;
