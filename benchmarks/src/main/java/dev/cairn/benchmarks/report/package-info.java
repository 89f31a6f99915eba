/**
 * From what was measured to what people read: one JSON file, a page with tables, plots as SVG, and
 * the part of the project's README that shows them. Everything but the JSON file is made from it
 * and can be made again at any time.
 */
package dev.cairn.benchmarks.report;
