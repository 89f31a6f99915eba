package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.store.Store;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A store served on a free loopback port, and somebody who asks single questions. */
final class Served implements AutoCloseable {
  final MaintenanceServer server;
  final ManagedChannel channel;

  Served(Store store, MaintenanceConfig config) {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = MaintenanceServer.start(store, free, config);
    channel = NettyChannelBuilder.forAddress(server.address()).usePlaintext().build();
  }

  Served(Store store) {
    this(store, MaintenanceConfig.defaults());
  }

  <Q, R> R ask(MethodDescriptor<Q, R> method, Q request) {
    return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, request);
  }

  /**
   * The status with which a question is refused, and our code behind it: {@code CODE code text}.
   */
  <Q, R> String refusal(MethodDescriptor<Q, R> method, Q request) {
    StatusRuntimeException e =
        assertThrows(StatusRuntimeException.class, () -> ask(method, request));
    Status status = e.getStatus();
    String code = e.getTrailers().get(Statuses.CODE_KEY);
    return status.getCode() + " " + code + " " + status.getDescription();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      assertTrue(channel.awaitTermination(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    server.close();
  }
}
