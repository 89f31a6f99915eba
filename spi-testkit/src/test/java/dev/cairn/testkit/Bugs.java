package dev.cairn.testkit;

import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Batch.Mode;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Engines with one bug each, made out of the reference engine. */
final class Bugs {
  /** Deleted in place of another one, so that the batch keeps its buckets. */
  private static final byte[] NOBODYS_KEY = {0x55, 0x55, 0x55};

  private Bugs() {}

  static Engine ofBackends(UnaryOperator<Backend> bug) {
    return new Delegates.OfEngine() {
      @Override
      public Backend open(Path store, BackendConfig config) {
        return bug.apply(engine.open(store, config));
      }
    };
  }

  static Engine ofConfigs(UnaryOperator<BackendConfig> bug) {
    return new Delegates.OfEngine() {
      @Override
      public Backend open(Path store, BackendConfig config) {
        return engine.open(store, bug.apply(config));
      }
    };
  }

  /** All content lies in a sidecar, and the main file is only there. */
  static Engine needsItsSidecar() {
    return new Delegates.OfEngine() {
      @Override
      public Backend open(Path store, BackendConfig config) {
        Backend backend = engine.open(files(store).get(0), config);
        LocalDisk.INSTANCE.open(store, Disk.Mode.CREATE).close();
        return backend;
      }

      @Override
      public List<Path> files(Path store) {
        return List.of(store.resolveSibling(store.getFileName() + "-content"), store);
      }
    };
  }

  /** Takes the file away that has its name when it is closed. */
  static Engine deletesByNameWhenClosed() {
    return new Delegates.OfEngine() {
      @Override
      public Backend open(Path store, BackendConfig config) {
        return new Delegates.OfBackend(engine.open(store, config)) {
          @Override
          public void close() {
            LocalDisk.INSTANCE.delete(store);
            backend.close();
          }
        };
      }
    };
  }

  static Engine ofViews(UnaryOperator<ReadView> bug) {
    return ofBackends(
        backend ->
            new Delegates.OfBackend(backend) {
              @Override
              public ReadView openView() {
                return bug.apply(backend.openView());
              }
            });
  }

  static Engine ofCursors(UnaryOperator<Cursor> bug) {
    return ofViews(
        view ->
            new Delegates.OfView(view) {
              @Override
              public Cursor openCursor(Bucket bucket) {
                return bug.apply(view.openCursor(bucket));
              }
            });
  }

  static Engine ofSnapshots(Function<Snapshot, Snapshot> bug) {
    return ofBackends(
        backend ->
            new Delegates.OfBackend(backend) {
              @Override
              public Snapshot snapshot() {
                return bug.apply(backend.snapshot());
              }
            });
  }

  /** Commits something else than it was given. */
  static Engine ofBatches(UnaryOperator<Batch> bug) {
    return ofBackends(
        backend ->
            new Delegates.OfBackend(backend) {
              @Override
              public void commit(Batch batch) {
                backend.commit(bug.apply(batch));
              }
            });
  }

  /** The batch once more, without the entries that are lost and with other modes. */
  static Batch changed(Batch batch, Predicate<byte[]> lostDeletes, UnaryOperator<Mode> modes) {
    Batch.Builder builder = Batch.builder();
    for (Batch.Change change : batch.changes()) {
      Bucket bucket = change.bucket();
      Mode mode = modes.apply(change.mode());
      if (mode == Mode.CLEAR || mode == Mode.DROP) {
        builder.deleteBucket(bucket);
      }
      if (mode == Mode.CLEAR || mode == Mode.ENSURE) {
        builder.createBucket(bucket);
      }
      for (int i = 0; i < change.size(); i++) {
        if (change.value(i) != null) {
          builder.put(bucket, change.key(i), change.value(i));
        } else {
          boolean lost = lostDeletes.test(change.key(i));
          builder.delete(bucket, lost ? NOBODYS_KEY : change.key(i));
        }
      }
    }
    return builder.build();
  }

  static Engine losesDeletes(Predicate<byte[]> ofKeys) {
    return ofBatches(batch -> changed(batch, ofKeys, mode -> mode));
  }

  static Engine takesModeFor(Mode mode, Mode other) {
    return ofBatches(batch -> changed(batch, key -> false, m -> m == mode ? other : m));
  }

  /** Views see whatever is newest. */
  static Engine seesLaterCommits() {
    return ofBackends(
        backend ->
            new Delegates.OfBackend(backend) {
              @Override
              public ReadView openView() {
                return new Delegates.OfView(backend.openView()) {
                  @Override
                  public byte[] get(Bucket bucket, byte[] key) {
                    try (ReadView newest = backend.openView()) {
                      return newest.get(bucket, key);
                    }
                  }

                  @Override
                  public Cursor openCursor(Bucket bucket) {
                    view.buckets();
                    return backend.openView().openCursor(bucket);
                  }
                };
              }
            });
  }

  /** Snapshots are of the moment they are streamed. */
  static Engine streamsTheNewest() {
    return ofBackends(
        backend ->
            new Delegates.OfBackend(backend) {
              @Override
              public Snapshot snapshot() {
                return new Delegates.OfSnapshot(backend.snapshot()) {
                  @Override
                  public void writeTo(WritableByteChannel out) throws IOException {
                    try (Snapshot newest = backend.snapshot()) {
                      newest.writeTo(out);
                    }
                  }
                };
              }
            });
  }

  /** Tells of a commit before it is done: it is done with the next one, or at a close. */
  public static final class CommitsLate extends Delegates.OfEngine {
    /** For the second JVM. */
    public CommitsLate() {}

    @Override
    public Backend open(Path store, BackendConfig config) {
      return new Delegates.OfBackend(engine.open(store, config)) {
        private final List<Batch> waiting = new ArrayList<>();

        @Override
        public synchronized void commit(Batch batch) {
          waiting.add(batch);
          if (waiting.size() > 3) {
            backend.commit(waiting.remove(0));
          }
        }

        @Override
        public synchronized void close() {
          waiting.forEach(backend::commit);
          waiting.clear();
          backend.close();
        }
      };
    }
  }

  /** Gives the same array for the same key again. */
  static Engine sharesValues() {
    return ofViews(
        view ->
            new Delegates.OfView(view) {
              private final Map<ByteBuffer, byte[]> given = new HashMap<>();

              @Override
              public byte[] get(Bucket bucket, byte[] key) {
                byte[] value = view.get(bucket, key);
                return given.computeIfAbsent(ByteBuffer.wrap(key), missing -> value);
              }
            });
  }

  /** A second close fails. */
  static Engine closesOnce() {
    return ofViews(
        view ->
            new Delegates.OfView(view) {
              private boolean closed;

              @Override
              public void close() {
                if (closed) {
                  throw StorageException.of(Code.CLOSED, "again");
                }
                closed = true;
                view.close();
              }
            });
  }

  /** Passes over the very entry that is asked for. */
  static Engine seeksTooFar() {
    return ofCursors(
        cursor ->
            new Delegates.OfCursor(cursor) {
              @Override
              public boolean seek(byte[] key) {
                return cursor.seek(Arrays.copyOf(key, key.length + 1));
              }
            });
  }

  /** Begins anew at the end. */
  static Engine walksInCircles() {
    return ofCursors(
        cursor ->
            new Delegates.OfCursor(cursor) {
              private boolean ended;

              @Override
              public boolean next() {
                if (ended) {
                  ended = false;
                  return cursor.seek(new byte[0]);
                }
                ended = !cursor.next();
                return !ended;
              }
            });
  }
}
