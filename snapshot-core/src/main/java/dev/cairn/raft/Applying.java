package dev.cairn.raft;

import dev.cairn.etcd.RaftMembership;
import dev.cairn.etcd.TargetVersion;
import dev.cairn.etcd.V2Document;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.store.StoreTx;
import dev.cairn.store.Update;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What is applied, and the snapshots of it. One thread; what it has reached can be read by any. */
final class Applying {
  /** What goes into one commit of the store, at most by one entry more. */
  private static final long CHUNK_BYTES = 8 << 20;

  private static final int CHUNK_ENTRIES = 2_000;

  private final MemberConfig config;
  private final Store store;
  private final RaftFiles files;
  private final MemoryStorage memory;
  private final boolean keepsTerm;
  private volatile long appliedIndex;
  private volatile RaftMembership membership;
  private long snapshotIndex;
  private Throwable failure;

  Applying(
      MemberConfig config,
      Store store,
      RaftFiles files,
      MemoryStorage memory,
      Recovered recovered,
      RaftMembership membership) {
    this.config = config;
    this.store = store;
    this.files = files;
    this.memory = memory;
    this.membership = membership;
    appliedIndex = recovered.appliedIndex();
    snapshotIndex = recovered.snapshot().index();
    keepsTerm = store.view(TargetVersion::of) != TargetVersion.V3_4;
  }

  long appliedIndex() {
    return appliedIndex;
  }

  RaftMembership membership() {
    return membership;
  }

  private void checkGoesOn() {
    if (failure != null) {
      throw StorageException.of(
          Code.CLOSED,
          store.file(),
          "nothing is applied after a failure, open the member anew: " + failure.getMessage(),
          failure);
    }
  }

  void apply(List<Entry> entries, EntryApplier applier, long commit) {
    checkGoesOn();
    check(entries, commit);
    int from = 0;
    while (from < entries.size()) {
      int to = chunkEnd(entries, from);
      applyChunk(entries.subList(from, to), applier);
      from = to;
    }
  }

  private void check(List<Entry> entries, long commit) {
    long next = appliedIndex + 1;
    for (Entry entry : entries) {
      if (entry.index() != next) {
        throw new IllegalArgumentException(
            "entry %s comes where %s should".formatted(text(entry.index()), text(next)));
      }
      next++;
    }
    if (Long.compareUnsigned(next - 1, commit) > 0 && !entries.isEmpty()) {
      throw new IllegalArgumentException(
          "entry %s is not agreed on yet, only up to %s".formatted(text(next - 1), text(commit)));
    }
  }

  private static int chunkEnd(List<Entry> entries, int from) {
    long bytes = 0;
    int end = from;
    while (end < entries.size() && end - from < CHUNK_ENTRIES && bytes < CHUNK_BYTES) {
      bytes += entries.get(end).data().length;
      end++;
    }
    return end;
  }

  private void applyChunk(List<Entry> entries, EntryApplier applier) {
    RaftMembership[] after = {membership};
    List<Update> updates = new ArrayList<>();
    for (Entry entry : entries) {
      updates.add(tx -> after[0] = apply(tx, entry, applier, after[0]));
    }
    try {
      store.applyAll(updates);
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    }
    membership = after[0];
    appliedIndex = entries.get(entries.size() - 1).index();
  }

  private RaftMembership apply(
      StoreTx tx, Entry entry, EntryApplier applier, RaftMembership before) {
    RaftMembership after = before.after(entry);
    after.write(tx, before, keepsTerm);
    if (entry.type() == EntryType.NORMAL) {
      applier.apply(tx, entry);
    }
    tx.applied(entry.index(), keepsTerm ? entry.term() : 0);
    return after;
  }

  void applySnapshot(RaftSnapshot snapshot, BiConsumer<RaftSnapshot, Path> swap) {
    checkGoesOn();
    if (snapshot.index() == 0) {
      return;
    }
    if (Long.compareUnsigned(snapshot.index(), appliedIndex) <= 0) {
      throw new RaftLogException(
          RaftLogException.Reason.SNAPSHOT_OUT_OF_DATE,
          "%s, %s is applied".formatted(text(snapshot.index()), text(appliedIndex)));
    }
    try {
      RaftMembership after =
          RaftMembership.of(V2Document.read(snapshot.data()), snapshot.confState());
      swap.accept(snapshot, files.snapshotter().database(snapshot.index()));
      checkSwapped(snapshot);
      membership = after;
      appliedIndex = store.applied().index();
      snapshotIndex = snapshot.index();
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    }
  }

  private void checkSwapped(RaftSnapshot snapshot) {
    long found = store.applied().index();
    if (Long.compareUnsigned(found, snapshot.index()) < 0) {
      throw new IllegalStateException(
          "snapshot %s is to be applied, but the database holds entry %s"
              .formatted(text(snapshot.index()), text(found)));
    }
  }

  Optional<RaftSnapshot> snapshotWhenDue() {
    long behind = appliedIndex - snapshotIndex;
    return Long.compareUnsigned(behind, config.snapshotCount()) > 0 ? snapshot() : Optional.empty();
  }

  /** The order is what makes it safe: what a snapshot stands for is durable before it counts. */
  Optional<RaftSnapshot> snapshot() {
    checkGoesOn();
    if (config.isRelaxed()) {
      store.sync();
    } else {
      store.commit();
    }
    long index = appliedIndex;
    if (store.durableApplied().index() != index) {
      throw new IllegalStateException(
          "entry %s is applied, but entry %s is what the database holds"
              .formatted(text(index), text(store.durableApplied().index())));
    }
    Optional<RaftSnapshot> made = remember(index);
    if (made.isPresent()) {
      files.saveSnapshot(made.get());
      snapshotIndex = index;
      compact(index);
      files.release(index);
      files.purge(config.filesKept(), index);
    }
    return made;
  }

  private Optional<RaftSnapshot> remember(long index) {
    try {
      return Optional.of(
          memory.createSnapshot(index, membership.confState(), membership.document()));
    } catch (RaftLogException answer) {
      if (answer.reason() == RaftLogException.Reason.SNAPSHOT_OUT_OF_DATE) {
        return Optional.empty();
      }
      throw answer;
    }
  }

  private void compact(long index) {
    long forgotten =
        Long.compareUnsigned(index, config.catchUpEntries()) > 0
            ? index - config.catchUpEntries()
            : 1;
    try {
      memory.compact(forgotten);
    } catch (RaftLogException alreadyForgotten) {
      if (alreadyForgotten.reason() != RaftLogException.Reason.COMPACTED) {
        throw alreadyForgotten;
      }
    }
  }

  private static String text(long unsigned) {
    return Long.toUnsignedString(unsigned);
  }
}
