package dev.cairn.testkit;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendStats;
import dev.cairn.spi.Batch;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import java.util.concurrent.atomic.AtomicBoolean;

/** A backend that knows what of it is open. */
final class StrictBackend implements Backend {
  private final Backend backend;
  private final Handles handles;
  private final Handles.Handle handle;
  private final Turn committer = new Turn("a backend's commit");
  private final AtomicBoolean closed = new AtomicBoolean();

  StrictBackend(Backend backend, Handles handles, Handles.Handle handle) {
    this.backend = backend;
    this.handles = handles;
    this.handle = handle;
  }

  @Override
  public void commit(Batch batch) {
    committer.take(
        () -> {
          backend.commit(batch);
          return null;
        });
  }

  @Override
  public void sync() {
    committer.take(
        () -> {
          backend.sync();
          return null;
        });
  }

  @Override
  public ReadView openView() {
    return new StrictView(backend.openView(), handles, handles.opened("view", handle));
  }

  @Override
  public Snapshot snapshot() {
    return new StrictSnapshot(backend.snapshot(), handles, handles.opened("snapshot", handle));
  }

  @Override
  public BackendStats stats() {
    return backend.stats();
  }

  @Override
  public void close() {
    backend.close();
    if (!closed.getAndSet(true)) {
      handles.closedLast(handle);
    }
  }
}
