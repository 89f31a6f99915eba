package dev.cairn.snapshot.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.etcd.EtcdView;
import dev.cairn.spi.Snapshot;
import dev.cairn.store.Store;
import dev.cairn.store.StoreSnapshot;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;

/**
 * etcd's Maintenance service over a store, for anybody's gRPC server. Thread-safe.
 *
 * <ul>
 *   <li>Snapshot, Status, Hash, HashKV and Defragment do what etcd's do. Where the content has a
 *       storage version, as etcd writes it from 3.6 on, Snapshot and Status tell it.
 *   <li>Alarm reads and changes bucket {@code alarm}, in an update of its own: a host that keeps a
 *       log has to raise and end alarms through that log instead ({@link dev.cairn.etcd.Alarms}),
 *       and not to serve this method. A store that takes no updates refuses it, {@code read-only}
 *       or for the reason that stopped it.
 *   <li>MoveLeader and Downgrade answer as an etcd that cannot: {@code not leader} where the server
 *       does not lead, {@code bad leader transferee} for a target that is not itself; every
 *       downgrade is refused as one to a wrong version.
 * </ul>
 *
 * <p>Each call is let in or refused by the {@link CallerCheck} of the config, whichever server and
 * whichever transport it came through.
 *
 * <p>A snapshot's stream has a thread of its own and pins the store while it runs; a client that
 * cancels, dies or stalls lets the pin go. The host's server should ask its clients whether they
 * are alive ({@code keepAliveTime}), or a vanished machine keeps its pin until the stall time is
 * over, and permit them to ask it ({@code permitKeepAliveTime} of at most 10 s).
 */
public final class MaintenanceService implements BindableService, AutoCloseable {
  /** A longer one is none of etcd's, and would not fit into a message beside a chunk. */
  private static final int VERSION_BYTES_MAX = 32;

  private final Store store;
  private final MaintenanceConfig config;
  private final SnapshotStreams streams;
  private final Answers answers;
  private final AlarmAnswers alarms;
  private final ClusterAnswers cluster;

  /**
   * A service that is not bound yet.
   *
   * @param store the store; stays the caller's, and open while the service is in use
   * @param config how to serve
   */
  public MaintenanceService(Store store, MaintenanceConfig config) {
    this.store = store;
    this.config = config;
    this.streams = new SnapshotStreams(this::pin, config);
    this.answers = new Answers(store, config);
    this.alarms = new AlarmAnswers(store);
    this.cluster = new ClusterAnswers(store, config);
  }

  @Override
  public ServerServiceDefinition bindService() {
    return CallerGate.before(unguarded(), config.callerCheck());
  }

  private ServerServiceDefinition unguarded() {
    return ServerServiceDefinition.builder(MaintenanceMethods.service(SnapshotStreams.METHOD))
        .addMethod(streams.method())
        .addMethod(MaintenanceMethods.STATUS, UnaryCalls.answering(answers::status))
        .addMethod(MaintenanceMethods.HASH, UnaryCalls.answering(answers::hash))
        .addMethod(MaintenanceMethods.HASH_KV, UnaryCalls.answering(answers::hashKv))
        .addMethod(MaintenanceMethods.DEFRAGMENT, UnaryCalls.answering(answers::defragment))
        .addMethod(MaintenanceMethods.ALARM, UnaryCalls.answering(alarms::alarm))
        .addMethod(MaintenanceMethods.MOVE_LEADER, UnaryCalls.answering(cluster::moveLeader))
        .addMethod(MaintenanceMethods.DOWNGRADE, UnaryCalls.answering(cluster::downgrade))
        .build();
  }

  /**
   * etcd's KV service over the same store, for reading alone: Range, as {@code etcdctl get} and
   * {@code etcdctl endpoint health} ask for it; what would write is UNIMPLEMENTED. Needs no close.
   *
   * <p>No index of the keys is kept: a single key costs one pass over all changes, and when it is
   * asked for again one over those since; a range costs two and more, and a sixteenth of the heap
   * at most. Of ranges two are read at once, further ones are refused with RESOURCE_EXHAUSTED, as
   * is an answer of more than 4 MiB. The users that the content may have count for nothing; the
   * check of the configuration does.
   *
   * @return a service that is not bound yet
   */
  public BindableService keyValues() {
    return new KvService(store, config);
  }

  /**
   * Lets somebody hear of the snapshots that are sent from now on, through whichever door.
   *
   * @param listener hears them
   */
  public void addListener(SnapshotListener listener) {
    streams.addListener(listener);
  }

  /**
   * Lets somebody hear of them no more.
   *
   * @param listener one that was added; others are passed over
   */
  public void removeListener(SnapshotListener listener) {
    streams.removeListener(listener);
  }

  private Snapshot pin(ImageSource.Holder holder) {
    StoreSnapshot pinned = holder.hold(store.snapshot());
    EtcdView.storageVersion(pinned.view())
        .filter(version -> version.getBytes(UTF_8).length <= VERSION_BYTES_MAX)
        .ifPresent(holder::version);
    return config.snapshotFormat().open(pinned, holder);
  }

  /**
   * Ends the snapshots that are being sent, with UNAVAILABLE for their clients, and admits no more.
   * The store stays open. Idempotent.
   */
  @Override
  public void close() {
    streams.close();
  }
}
