package dev.cairn.snapshot.grpc;

import dev.cairn.etcd.proto.SnapshotRequest;
import dev.cairn.snapshot.ChunkSink;
import dev.cairn.snapshot.SnapshotSender;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * One snapshot on its way to one client. gRPC's threads only tell it things; pinning, planning,
 * reading, hashing and sending happen on a thread of its own, which alone talks to the call once it
 * has started. So an image that blocks, plans for minutes or fails holds up nobody else.
 */
final class SnapshotStream extends ServerCall.Listener<SnapshotRequest> implements ChunkSink {
  private static final System.Logger LOG = System.getLogger(SnapshotStream.class.getName());

  /** What the service does for its streams. */
  interface Host {
    /** Whether this one may start; if so, {@link #ended} follows. */
    boolean admit(SnapshotStream stream);

    void ended(SnapshotStream stream);

    /** Lets those who listen to the service hear something. */
    void tell(Consumer<SnapshotListener> event);
  }

  private final ServerCall<SnapshotRequest, SnapshotFrame> call;
  private final Host host;
  private final ImageSource source;
  private final int chunkBytes;
  private final StreamGate gate;
  private final Holdings holdings = new Holdings();
  private volatile boolean cancelled;
  private volatile boolean taken;

  /** Of the sending thread. */
  private long sentBytes;

  SnapshotStream(
      ServerCall<SnapshotRequest, SnapshotFrame> call,
      Host host,
      ImageSource source,
      MaintenanceConfig config) {
    this.call = call;
    this.host = host;
    this.source = source;
    this.chunkBytes = config.chunkBytes();
    this.gate = new StreamGate(config.stallMillis());
  }

  @Override
  public void onHalfClose() {
    if (!host.admit(this)) {
      StorageException busy =
          StorageException.of(
              Code.UNAVAILABLE, "too many snapshots are being sent already; try again later");
      call.close(
          Status.RESOURCE_EXHAUSTED.withDescription(busy.getMessage()),
          Statuses.trailers(busy.code()));
      return;
    }
    // At once, so that the client knows it was admitted, however long the planning takes.
    call.sendHeaders(new Metadata());
    Thread sender = new Thread(this::run, "cairn-snapshot-sender");
    sender.setDaemon(true);
    try {
      sender.start();
    } catch (Error noThread) {
      host.ended(this);
      throw noThread;
    }
  }

  @Override
  public void onReady() {
    gate.signal();
  }

  @Override
  public void onCancel() {
    cancelled = true;
    end(StorageException.of(Code.UNAVAILABLE, "the client went away"));
  }

  /** Lets the pin go, wherever the sending thread is, and makes that thread end the call. */
  void end(StorageException why) {
    gate.end(why);
    holdings.close();
  }

  private void run() {
    long startNanos = System.nanoTime();
    Throwable failure = null;
    try {
      send();
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
    } finally {
      holdings.close();
      host.ended(this);
    }
    tell(failure == null && !cancelled, System.nanoTime() - startNanos);
    finish(failure);
  }

  private void tell(boolean whole, long nanos) {
    long bytes = sentBytes;
    host.tell(
        listener -> {
          if (whole) {
            listener.snapshotSent(bytes, nanos);
          } else {
            listener.snapshotFailed(bytes, nanos);
          }
        });
  }

  private void send() throws IOException {
    gate.check();
    Snapshot image = source.open(holdings);
    gate.check();
    new SnapshotSender(image, chunkBytes).sendTo(this);
  }

  @Override
  public void accept(ByteBuffer chunk, long remainingBytes) throws IOException {
    gate.await(call::isReady);
    taken = false;
    int sizeBytes = chunk.remaining();
    call.sendMessage(new SnapshotFrame(remainingBytes, chunk, holdings.version(), this::markTaken));
    // True already over Netty. Where the receiver reads the chunk itself, it must have done so
    // before the chunk may change.
    gate.await(() -> taken);
    sentBytes += sizeBytes;
  }

  private void markTaken() {
    taken = true;
    gate.signal();
  }

  private void finish(Throwable failure) {
    if (cancelled) {
      LOG.log(Level.DEBUG, "the client of a snapshot went away");
    } else if (failure == null) {
      call.close(Status.OK, new Metadata());
    } else {
      // What the image threw after its pin was taken away explains less than the reason for that.
      Throwable why = gate.ended().map(Throwable.class::cast).orElse(failure);
      LOG.log(why instanceof StorageException ? Level.DEBUG : Level.WARNING, "snapshot ended", why);
      call.close(Statuses.statusOf(why), Statuses.trailersOf(why));
    }
  }
}
