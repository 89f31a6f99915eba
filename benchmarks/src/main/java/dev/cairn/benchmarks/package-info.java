/**
 * What an engine, an image and the log cost, side by side in one run. {@link
 * dev.cairn.benchmarks.Benchmarks} runs them and writes the result; every figure in a document
 * comes from such a file.
 */
package dev.cairn.benchmarks;
