package dev.cairn.store;

import dev.cairn.spi.Batch;

/**
 * The writes of one engine commit.
 *
 * @param overlay to be read through
 * @param batch the same, for the engine
 * @param applied the applied position after them
 * @param updates how many updates had joined when they were sealed
 */
record Sealed(Overlay overlay, Batch batch, Applied applied, long updates) {}
