/** etcd's own file format as an engine, in pure Java. */
package dev.cairn.engine.bbolt;
