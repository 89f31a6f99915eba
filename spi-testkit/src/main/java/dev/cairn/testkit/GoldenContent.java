package dev.cairn.testkit;

import dev.cairn.spi.Batch;
import java.util.function.Consumer;

/**
 * A content of which the image is known: the same bytes on every engine, for ever.
 *
 * @param name of the content, {@code [a-z0-9-]+}
 * @param source gives the batches that make it from an empty store, in order; the same at each call
 * @param imageSizeBytes how long its image is
 * @param imageSha256 64 lower-case hex digits
 */
public record GoldenContent(String name, Source source, long imageSizeBytes, String imageSha256) {
  /** Gives batches, each small enough for every engine. */
  @FunctionalInterface
  public interface Source {
    /**
     * Gives every batch to a sink.
     *
     * @param sink takes one at a time
     */
    void forEach(Consumer<Batch> sink);
  }

  /** The name: what a test prints. */
  @Override
  public String toString() {
    return name;
  }
}
