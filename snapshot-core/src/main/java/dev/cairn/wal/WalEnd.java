package dev.cairn.wal;

import java.nio.file.Path;

/**
 * Where a log ends.
 *
 * @param segment the last segment
 * @param offsetBytes behind its last whole record: where the next one belongs
 * @param crc the running CRC there
 * @param torn whether the beginning of a further record follows, whose writing was cut; nobody was
 *     told that it is durable
 */
public record WalEnd(Path segment, long offsetBytes, int crc, boolean torn) {}
