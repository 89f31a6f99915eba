package dev.cairn.snapshot;

import java.nio.file.Path;

/**
 * A file that was converted. The content hash was found twice, by reading the source and by reading
 * what was made of it.
 *
 * @param from the source
 * @param fromFormat {@code etcd} or the engine that wrote the source
 * @param sourceHash content hash v1 of the source
 * @param to the file that was made
 * @param toFormat {@code etcd} or the engine it belongs to
 * @param targetHash content hash v1 of the file that was made, equal to {@code sourceHash}
 * @param entries how many entries each of them has
 */
public record ConvertResult(
    Path from,
    String fromFormat,
    String sourceHash,
    Path to,
    String toFormat,
    String targetHash,
    long entries) {}
