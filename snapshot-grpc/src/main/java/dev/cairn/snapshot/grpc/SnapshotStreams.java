package dev.cairn.snapshot.grpc;

import dev.cairn.etcd.proto.SnapshotRequest;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** The streams of one service: counts them, and knows those that run so that a close ends them. */
final class SnapshotStreams implements SnapshotStream.Host, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SnapshotStreams.class.getName());

  /** Never parses; it is there because a method has one. */
  static final MethodDescriptor<SnapshotRequest, SnapshotFrame> METHOD =
      MaintenanceMethods.snapshot(new FrameParser(0));

  private final ImageSource source;
  private final MaintenanceConfig config;
  private final Semaphore permits;
  private final Set<SnapshotStream> running = ConcurrentHashMap.newKeySet();
  private final List<SnapshotListener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  SnapshotStreams(ImageSource source, MaintenanceConfig config) {
    this.source = source;
    this.config = config;
    this.permits = new Semaphore(config.snapshotsMax());
  }

  ServerMethodDefinition<SnapshotRequest, SnapshotFrame> method() {
    return ServerMethodDefinition.create(
        METHOD,
        (call, headers) -> {
          call.request(1);
          return new SnapshotStream(call, this, source, config);
        });
  }

  @Override
  public boolean admit(SnapshotStream stream) {
    if (!permits.tryAcquire()) {
      return false;
    }
    running.add(stream);
    if (closed) {
      stream.end(closing());
    }
    return true;
  }

  @Override
  public void ended(SnapshotStream stream) {
    running.remove(stream);
    permits.release();
  }

  @Override
  public void tell(Consumer<SnapshotListener> event) {
    for (SnapshotListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "a snapshot listener failed", e);
      }
    }
  }

  void addListener(SnapshotListener listener) {
    listeners.add(listener);
  }

  void removeListener(SnapshotListener listener) {
    listeners.remove(listener);
  }

  /** Ends those that run and every later one. Idempotent. */
  @Override
  public void close() {
    closed = true;
    for (SnapshotStream stream : List.copyOf(running)) {
      stream.end(closing());
    }
  }

  private static StorageException closing() {
    return StorageException.of(Code.UNAVAILABLE, "the server is shutting down; save again later");
  }
}
