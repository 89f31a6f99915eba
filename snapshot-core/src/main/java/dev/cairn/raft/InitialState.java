package dev.cairn.raft;

import dev.cairn.wal.ConfState;
import dev.cairn.wal.HardState;

/**
 * What raft starts from. Immutable.
 *
 * @param hardState as it was set last; {@link HardState#EMPTY} at first
 * @param confState the configuration as of the newest snapshot; without members at first
 */
public record InitialState(HardState hardState, ConfState confState) {}
