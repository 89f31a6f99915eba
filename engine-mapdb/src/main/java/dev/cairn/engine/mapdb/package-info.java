/** MapDB on a journaled volume as an engine. */
package dev.cairn.engine.mapdb;
