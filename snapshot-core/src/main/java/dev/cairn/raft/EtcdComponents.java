package dev.cairn.raft;

import dev.cairn.etcd.Alarms;
import dev.cairn.etcd.Auth;
import dev.cairn.etcd.EtcdApplied;
import dev.cairn.etcd.EtcdContents;
import dev.cairn.etcd.KeySpace;
import dev.cairn.etcd.Leases;
import dev.cairn.etcd.Membership;
import dev.cairn.etcd.V2Document;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.spi.ReadView;
import dev.cairn.store.Applied;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * The components of etcd, in the order in which its server restores them: consistent index, lessor,
 * MVCC, alarms, auth, v2 document, members. What they hold is one {@link EtcdContents}, replaced as
 * a whole, so that whoever asks for it never sees two components of different snapshots.
 * Thread-safe.
 */
public final class EtcdComponents {
  private volatile EtcdContents current;
  private final Draft draft = new Draft();

  /**
   * Holds what is given first.
   *
   * @param first of the database as it was opened
   */
  public EtcdComponents(EtcdContents first) {
    current = first;
  }

  /**
   * What is in effect. With a view of the same instant: {@link dev.cairn.store.Store#view(
   * java.util.function.Supplier, java.util.function.BiFunction)}.
   *
   * @return all of one instant
   */
  public EtcdContents current() {
    return current;
  }

  /**
   * Takes over what a host read anew, after it had changed the content itself.
   *
   * @param contents in effect from now on
   */
  public void set(EtcdContents contents) {
    current = contents;
  }

  /**
   * The components, for one {@link SnapshotApply}, which needs all of them.
   *
   * @return in order; the last one to be published puts all of them into effect
   */
  public List<Component> components() {
    return List.of(
        part(
            "consistent index",
            view -> new EtcdApplied().read(view),
            value -> draft.applied = value),
        part("lessor", Leases::of, value -> draft.leases = value),
        part("mvcc", KeySpace::of, value -> draft.keySpace = value),
        part("alarms", Alarms::of, value -> draft.alarms = value),
        part("auth", Auth::of, value -> draft.auth = value),
        new Part<>("v2 document", EtcdComponents::checkDocument, value -> {}),
        new Part<>(
            "members", (view, snapshot) -> Membership.of(view, snapshot.data()), this::publish));
  }

  private static RaftSnapshot checkDocument(ReadView view, RaftSnapshot snapshot) {
    if (snapshot.data().length > 0) {
      V2Document.checkOnlyMembership(snapshot.data());
    }
    return snapshot;
  }

  private void publish(Membership membership) {
    current =
        new EtcdContents(
            draft.applied, draft.leases, draft.keySpace, draft.alarms, draft.auth, membership);
  }

  /** What was published of a snapshot before its last part is; used under the swap alone. */
  private static final class Draft {
    private Applied applied;
    private Leases leases;
    private KeySpace keySpace;
    private Alarms alarms;
    private Auth auth;
  }

  private static <T> Component part(
      String name, java.util.function.Function<ReadView, T> reader, Consumer<T> publisher) {
    return new Part<>(name, (view, snapshot) -> reader.apply(view), publisher);
  }

  /** One component: read aside, then handed over. */
  private record Part<T>(
      String name, BiFunction<ReadView, RaftSnapshot, T> reader, Consumer<T> publisher)
      implements Component {
    @Override
    public Prepared prepare(ReadView view) {
      return prepare(view, RaftSnapshot.NONE);
    }

    @Override
    public Prepared prepare(ReadView view, RaftSnapshot snapshot) {
      T value = reader.apply(view, snapshot);
      return () -> publisher.accept(value);
    }
  }
}
