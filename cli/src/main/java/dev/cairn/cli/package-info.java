/**
 * The {@code cairn} command: stdout is data, stderr is log and progress, each error is one line and
 * an exit code.
 */
package dev.cairn.cli;
