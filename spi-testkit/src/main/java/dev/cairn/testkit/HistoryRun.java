package dev.cairn.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** A store that a history happens to, and the model of what it must hold. */
final class HistoryRun {
  private final Engine engine;
  private final BackendConfig config;
  private final Path store;
  private final ReadView[] views = new ReadView[Step.SLOTS];
  private final Model[] viewed = new Model[Step.SLOTS];
  private final Snapshot[] snapshots = new Snapshot[Step.SLOTS];
  private final Model[] pinned = new Model[Step.SLOTS];
  private Backend backend;
  private Model model = new Model();
  private int images;

  HistoryRun(Engine engine, BackendConfig config, Path directory) {
    this.engine = engine;
    this.config = config;
    this.store = directory.resolve("db");
  }

  /** Runs a history from a new store to a last reopen. */
  void run(List<Step> steps) throws Exception {
    backend = engine.open(store, config);
    try {
      for (Step step : steps) {
        step.run(this);
      }
      reopen(true);
    } finally {
      closeHeld();
      backend.close();
    }
    List<Path> files = engine.files(store);
    for (Path left : LocalDisk.INSTANCE.list(store.getParent())) {
      assertTrue(files.contains(left), () -> left + " is left behind");
    }
  }

  void commit(List<Op> ops) {
    Model after = Op.replay(ops, model);
    try {
      backend.commit(Op.batch(ops));
      assertTrue(after != null, "a batch on an absent bucket was accepted");
      model = after;
    } catch (StorageException rejected) {
      if (after != null || rejected.code() != Code.NOT_FOUND) {
        throw rejected;
      }
    }
    try (ReadView view = backend.openView()) {
      Bench.assertSame(model, Model.of(view));
    }
  }

  void sync() {
    backend.sync();
  }

  void openView(int slot) {
    if (views[slot] == null) {
      views[slot] = backend.openView();
      viewed[slot] = model;
    }
  }

  void readAll(int slot) {
    if (views[slot] != null) {
      Bench.assertSame(viewed[slot], Model.of(views[slot]));
    }
  }

  void wander(int slot, long seed) {
    if (views[slot] != null) {
      new Wanderer(new SplittableRandom(seed)).wander(views[slot], viewed[slot]);
    }
  }

  void closeView(int slot) {
    if (views[slot] != null) {
      views[slot].close();
      views[slot] = null;
    }
  }

  void takeSnapshot(int slot) {
    if (snapshots[slot] == null) {
      snapshots[slot] = backend.snapshot();
      pinned[slot] = model;
    }
  }

  void stream(int slot) throws IOException {
    Snapshot snapshot = snapshots[slot];
    if (snapshot == null) {
      return;
    }
    snapshots[slot] = null;
    Sinks.Memory bytes = new Sinks.Memory();
    try (snapshot) {
      snapshot.writeTo(bytes);
      assertEquals(snapshot.size(), bytes.toByteArray().length);
    }
    assertImageIs(pinned[slot], bytes.toByteArray());
  }

  private void assertImageIs(Model expected, byte[] image) {
    Disk disk = LocalDisk.INSTANCE;
    Path file = store.resolveSibling("image" + images++);
    try (DiskFile out = disk.open(file, Disk.Mode.CREATE_NEW)) {
      out.write(0, ByteBuffer.wrap(image));
    }
    try (ReadView view = engine.openImage(file, image.length)) {
      Bench.assertSame(expected, Model.of(view));
    }
    disk.delete(file);
    engine.install(new ImageChannel(image), image.length, file);
    try (Backend installed = engine.open(file, config)) {
      Bench.assertSame(expected, Bench.content(installed));
      Op mark = Op.put(Bucket.named("installed"), new byte[1], new byte[10]);
      installed.commit(Op.batch(List.of(Op.create(mark.bucket()), mark)));
    }
    engine.files(file).forEach(disk::delete);
  }

  void reopen(boolean heldOnesFirst) {
    if (heldOnesFirst) {
      closeHeld();
    }
    backend.close();
    for (int slot = 0; slot < Step.SLOTS; slot++) {
      if (views[slot] != null) {
        Bench.assertCode(views[slot]::buckets, Code.CLOSED);
      }
    }
    closeHeld();
    backend = engine.open(store, config);
    Bench.assertSame(model, Bench.content(backend));
  }

  private void closeHeld() {
    for (int slot = 0; slot < Step.SLOTS; slot++) {
      closeView(slot);
      if (snapshots[slot] != null) {
        snapshots[slot].close();
        snapshots[slot] = null;
      }
    }
  }
}
