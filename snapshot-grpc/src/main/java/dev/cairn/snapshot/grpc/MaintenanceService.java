package dev.cairn.snapshot.grpc;

import dev.cairn.etcd.EtcdHash;
import dev.cairn.etcd.EtcdView;
import dev.cairn.etcd.proto.DefragmentResponse;
import dev.cairn.etcd.proto.HashResponse;
import dev.cairn.etcd.proto.ResponseHeader;
import dev.cairn.etcd.proto.StatusResponse;
import dev.cairn.spi.Snapshot;
import dev.cairn.store.Applied;
import dev.cairn.store.Store;
import dev.cairn.store.StoreStats;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.ServerCalls.UnaryMethod;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/**
 * etcd's Maintenance service over a store, for anybody's gRPC server: Snapshot, Status, Hash and
 * Defragment; the other methods are UNIMPLEMENTED. Thread-safe.
 *
 * <p>A snapshot's stream has a thread of its own and pins the store while it runs; a client that
 * cancels, dies or stalls lets the pin go. The host's server should ask its clients whether they
 * are alive ({@code keepAliveTime}), or a vanished machine keeps its pin until the stall time is
 * over, and permit them to ask it ({@code permitKeepAliveTime} of at most 10 s).
 */
public final class MaintenanceService implements BindableService, AutoCloseable {
  private final Store store;
  private final MaintenanceConfig config;
  private final SnapshotStreams streams;

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
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(MaintenanceMethods.service(SnapshotStreams.METHOD))
        .addMethod(streams.method())
        .addMethod(MaintenanceMethods.STATUS, answering(this::status))
        .addMethod(MaintenanceMethods.HASH, answering(this::hash))
        .addMethod(MaintenanceMethods.DEFRAGMENT, answering(this::defragment))
        .addMethod(MaintenanceMethods.ALARM, unimplemented(MaintenanceMethods.ALARM))
        .addMethod(MaintenanceMethods.HASH_KV, unimplemented(MaintenanceMethods.HASH_KV))
        .addMethod(MaintenanceMethods.MOVE_LEADER, unimplemented(MaintenanceMethods.MOVE_LEADER))
        .addMethod(MaintenanceMethods.DOWNGRADE, unimplemented(MaintenanceMethods.DOWNGRADE))
        .build();
  }

  private Snapshot pin(ImageSource.Holder holder) {
    return config.snapshotFormat().open(holder.hold(store.snapshot()), holder);
  }

  private StatusResponse status() {
    StoreStats stats = store.stats();
    Applied applied = stats.applied();
    return StatusResponse.newBuilder()
        .setHeader(header().setRaftTerm(applied.term()))
        .setVersion(config.version())
        .setDbSize(stats.backend().fileBytes())
        .setDbSizeInUse(stats.backend().liveBytes())
        .setRaftTerm(applied.term())
        .setRaftIndex(applied.index())
        .setRaftAppliedIndex(applied.index())
        .build();
  }

  private HashResponse hash() {
    int hash = store.view(EtcdHash::maintenance);
    return HashResponse.newBuilder().setHeader(header()).setHash(hash).build();
  }

  private DefragmentResponse defragment() {
    store.defragment();
    return DefragmentResponse.getDefaultInstance();
  }

  private ResponseHeader.Builder header() {
    return ResponseHeader.newBuilder().setRevision(store.view(EtcdView::currentRevision));
  }

  private static <Q, R> ServerCallHandler<Q, R> answering(Supplier<R> answer) {
    UnaryMethod<Q, R> method = (request, observer) -> answer(answer, observer);
    return ServerCalls.asyncUnaryCall(method);
  }

  private static <R> void answer(Supplier<R> answer, StreamObserver<R> observer) {
    try {
      observer.onNext(answer.get());
      observer.onCompleted();
    } catch (RuntimeException e) {
      observer.onError(Statuses.statusOf(e).asRuntimeException(Statuses.trailersOf(e)));
    }
  }

  private static <Q, R> ServerCallHandler<Q, R> unimplemented(MethodDescriptor<Q, R> method) {
    UnaryMethod<Q, R> none =
        (request, observer) -> ServerCalls.asyncUnimplementedUnaryCall(method, observer);
    return ServerCalls.asyncUnaryCall(none);
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
