package dev.cairn.raft;

import dev.cairn.wal.ConfState;

/**
 * How far a member has come with applying its log. Immutable; indexes and terms are unsigned.
 *
 * @param appliedIndex of the last entry applied
 * @param appliedTerm of that entry
 * @param snapshotIndex of the newest snapshot
 * @param confState the configuration as of the last entry applied
 */
public record Progress(
    long appliedIndex, long appliedTerm, long snapshotIndex, ConfState confState) {}
