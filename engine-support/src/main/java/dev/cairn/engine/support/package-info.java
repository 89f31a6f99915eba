/**
 * What every engine would otherwise write again, for engine authors: {@link
 * dev.cairn.engine.support.BackendBase} (the outcomes of a commit, closing), {@link
 * dev.cairn.engine.support.Pins} (open views and snapshots, their limits) and {@link
 * dev.cairn.engine.support.Identity} (format version and store id). An engine may do without it.
 */
package dev.cairn.engine.support;
