package dev.cairn.snapshot.http;

import com.google.protobuf.Message;
import dev.cairn.snapshot.grpc.MaintenanceService;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The service, called within the process, with everything that guards it. Thread-safe. */
final class LocalService implements AutoCloseable {
  private static final long CLOSE_SECONDS_MAX = 3;

  private final ExecutorService threads;
  private final Server server;
  private final ManagedChannel channel;

  /** Starts calls of a service, which stays the caller's. */
  LocalService(MaintenanceService service) {
    String name = InProcessServerBuilder.generateName();
    AtomicInteger count = new AtomicInteger();
    threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "cairn-gateway-call-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    server = InProcessServerBuilder.forName(name).executor(threads).addService(service).build();
    try {
      server.start();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    // What a call hands over is taken where it comes from: a snapshot's on the thread that reads
    // it, which so has its buffer back at once.
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
  }

  /** A call that carries these headers, whatever it is started with. */
  ClientCall<Message, Message> call(MethodDescriptor<Message, Message> method, Metadata headers) {
    return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers))
        .newCall(method, CallOptions.DEFAULT);
  }

  /** Ends the calls that run. Idempotent. */
  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    try {
      channel.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
      server.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdown();
  }
}
