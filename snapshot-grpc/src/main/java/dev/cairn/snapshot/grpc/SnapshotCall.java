package dev.cairn.snapshot.grpc;

import dev.cairn.etcd.proto.SnapshotRequest;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * One running Snapshot call, pulled by one thread: at most one message is on its way besides the
 * one that is worked on, so a slow disk slows the server and fills no memory.
 */
final class SnapshotCall implements AutoCloseable {
  /** How an attempt ends that had no answer in time. */
  static final Status NO_CONNECTION =
      Status.UNAVAILABLE.withDescription(
          "no connection; is an etcd or cairn server listening there?");

  private static final int WINDOW_MESSAGES = 2;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final ManagedChannel channel;
  private final String endpoint;
  private final long dialUntilNanos;
  private final long stallNanos;
  private final CallbackQueue callbacks = new CallbackQueue();
  private final InboundClock inbound = new InboundClock();
  private final ClientCall<SnapshotRequest, SnapshotFrame> call;

  // Touched by callbacks only, that is by the pulling thread.
  private final Deque<SnapshotFrame> arrived = new ArrayDeque<>();
  private SnapshotFrame current;
  private boolean begun;
  private Status ended;
  private Metadata trailers;

  /**
   * Starts a call.
   *
   * @param headers what it carries
   * @param dialUntilNanos until when, in {@link System#nanoTime()}, there must be a connection
   */
  SnapshotCall(
      ManagedChannel channel,
      String endpoint,
      ClientConfig config,
      Metadata headers,
      long dialUntilNanos) {
    this.channel = channel;
    this.endpoint = endpoint;
    this.dialUntilNanos = dialUntilNanos;
    this.stallNanos = TimeUnit.MILLISECONDS.toNanos(config.stallMillis());
    CallOptions options =
        CallOptions.DEFAULT.withExecutor(callbacks).withStreamTracerFactory(inbound);
    FrameParser frames = new FrameParser(MaintenanceClient.MESSAGE_BYTES_MAX);
    call = channel.newCall(MaintenanceMethods.snapshot(frames), options);
    call.start(new Callbacks(), headers);
    call.request(WINDOW_MESSAGES);
    call.sendMessage(SnapshotRequest.getDefaultInstance());
    call.halfClose();
  }

  /**
   * Waits for the first message, or an end that is none of a failure.
   *
   * @throws StatusRuntimeException when it failed instead: it may be called again; {@link
   *     #NO_CONNECTION} when there was none in time
   */
  void awaitFirst() {
    await();
    if (arrived.isEmpty() && !ended.isOk()) {
      throw ended.asRuntimeException(trailers);
    }
  }

  /**
   * The next message; the one before dies.
   *
   * @return null after the last one
   * @throws StorageException when the call fails, stalls, or never got a connection
   */
  SnapshotFrame next() {
    if (current != null) {
      current.whenTaken().run();
      current = null;
      call.request(1);
    }
    await();
    current = arrived.poll();
    if (current == null && !ended.isOk()) {
      throw Statuses.exception(endpoint, ended, trailers, begun);
    }
    return current;
  }

  private void await() {
    inbound.touch();
    try {
      while (arrived.isEmpty() && ended == null) {
        if (!callbacks.runNext(Math.min(LOOK_NANOS, stallNanos))) {
          checkPatience();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("the thread that received the snapshot was interrupted");
    }
  }

  private void checkPatience() {
    long now = System.nanoTime();
    boolean streaming = begun || inbound.started();
    if (streaming && now - inbound.lastNanos() > stallNanos) {
      throw unavailable(
          "nothing came for " + TimeUnit.NANOSECONDS.toMillis(stallNanos) + " ms; save again");
    }
    if (!streaming && now - dialUntilNanos > 0 && !connected()) {
      throw NO_CONNECTION.asRuntimeException();
    }
  }

  private boolean connected() {
    return channel.getState(false) == ConnectivityState.READY;
  }

  private StorageException unavailable(String what) {
    return StorageException.of(Code.UNAVAILABLE, endpoint + ": " + what);
  }

  /** Ends the call, wherever it is; the server lets its pin go. Idempotent. */
  @Override
  public void close() {
    call.cancel("the receiver is done", null);
    callbacks.abandon();
  }

  private final class Callbacks extends ClientCall.Listener<SnapshotFrame> {
    @Override
    public void onMessage(SnapshotFrame frame) {
      begun = true;
      arrived.add(frame);
    }

    @Override
    public void onClose(Status status, Metadata metadata) {
      ended = status;
      trailers = metadata;
    }
  }
}
