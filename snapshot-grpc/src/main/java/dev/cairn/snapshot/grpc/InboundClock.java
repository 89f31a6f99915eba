package dev.cairn.snapshot.grpc;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/**
 * When bytes last came in. Messages are up to 2 MiB: on a thin line one takes long and is no stall.
 */
final class InboundClock extends ClientStreamTracer.Factory {
  private volatile long lastNanos = System.nanoTime();
  private volatile boolean started;

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    return new ClientStreamTracer() {
      @Override
      public void inboundWireSize(long bytes) {
        started = true;
        touch();
      }
    };
  }

  void touch() {
    lastNanos = System.nanoTime();
  }

  /** Whether the first byte has come. */
  boolean started() {
    return started;
  }

  long lastNanos() {
    return lastNanos;
  }
}
