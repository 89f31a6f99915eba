/**
 * What an engine author tests with: the contract suite, the reference engine, the simulated disk.
 *
 * <p>Every run prints its seed with the command that replays it, and the counts it did.
 */
package dev.cairn.testkit;
