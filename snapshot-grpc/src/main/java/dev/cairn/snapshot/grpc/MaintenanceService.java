package dev.cairn.snapshot.grpc;

import dev.cairn.spi.Snapshot;
import dev.cairn.store.Store;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.ServerCalls.UnaryMethod;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;

/**
 * etcd's Maintenance service over a store, for anybody's gRPC server: Snapshot, Status, Hash,
 * HashKV and Defragment; the other methods are UNIMPLEMENTED. Thread-safe.
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
  private final Store store;
  private final MaintenanceConfig config;
  private final SnapshotStreams streams;
  private final Answers answers;

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
  }

  @Override
  public ServerServiceDefinition bindService() {
    return CallerGate.before(unguarded(), config.callerCheck());
  }

  private ServerServiceDefinition unguarded() {
    return ServerServiceDefinition.builder(MaintenanceMethods.service(SnapshotStreams.METHOD))
        .addMethod(streams.method())
        .addMethod(MaintenanceMethods.STATUS, answering(answers::status))
        .addMethod(MaintenanceMethods.HASH, answering(answers::hash))
        .addMethod(MaintenanceMethods.HASH_KV, answering(answers::hashKv))
        .addMethod(MaintenanceMethods.DEFRAGMENT, answering(answers::defragment))
        .addMethod(MaintenanceMethods.ALARM, unimplemented(MaintenanceMethods.ALARM))
        .addMethod(MaintenanceMethods.MOVE_LEADER, unimplemented(MaintenanceMethods.MOVE_LEADER))
        .addMethod(MaintenanceMethods.DOWNGRADE, unimplemented(MaintenanceMethods.DOWNGRADE))
        .build();
  }

  private Snapshot pin(ImageSource.Holder holder) {
    return config.snapshotFormat().open(holder.hold(store.snapshot()), holder);
  }

  private static <Q, R> ServerCallHandler<Q, R> answering(Function<Q, R> answer) {
    UnaryMethod<Q, R> method = (request, observer) -> answer(answer, request, observer);
    return ServerCalls.asyncUnaryCall(method);
  }

  private static <Q, R> void answer(Function<Q, R> answer, Q request, StreamObserver<R> observer) {
    try {
      observer.onNext(answer.apply(request));
      observer.onCompleted();
    } catch (StatusRuntimeException told) {
      observer.onError(told);
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
