/** H2's MVStore as an engine. */
package dev.cairn.engine.h2;
