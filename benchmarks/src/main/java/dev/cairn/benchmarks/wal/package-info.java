/** What raft's log costs, beside a bare writer and a bare checksum of the same bytes. */
package dev.cairn.benchmarks.wal;
