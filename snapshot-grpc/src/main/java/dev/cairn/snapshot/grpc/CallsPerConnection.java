package dev.cairn.snapshot.grpc;

import io.grpc.Attributes;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Refuses calls of a connection that has too many already. HTTP/2 has such a limit of its own, but
 * it binds a client only once that has acknowledged it; this one counts.
 */
final class CallsPerConnection extends ServerTransportFilter implements ServerInterceptor {
  private static final Attributes.Key<AtomicInteger> RUNNING =
      Attributes.Key.create("dev.cairn.snapshot.grpc.running-calls");
  private static final Status TOO_MANY =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "too many calls on one connection; wait for one of them to end");

  private final int callsMax;

  CallsPerConnection(int callsMax) {
    this.callsMax = callsMax;
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    return attributes.toBuilder().set(RUNNING, new AtomicInteger()).build();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    AtomicInteger running = call.getAttributes().get(RUNNING);
    Counted counted = new Counted(running);
    if (running.incrementAndGet() > callsMax) {
      counted.end();
      call.close(TOO_MANY, new Metadata());
      return new ServerCall.Listener<>() {};
    }
    try {
      return new Ending<>(next.startCall(call, headers), counted);
    } catch (RuntimeException | Error e) {
      counted.end();
      throw e;
    }
  }

  /** One of those that run, until it ends; however often it is told. */
  private static final class Counted {
    private final AtomicInteger running;
    private final AtomicBoolean ended = new AtomicBoolean();

    Counted(AtomicInteger running) {
      this.running = running;
    }

    void end() {
      if (ended.compareAndSet(false, true)) {
        running.decrementAndGet();
      }
    }
  }

  private static final class Ending<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Counted counted;

    Ending(ServerCall.Listener<Q> next, Counted counted) {
      super(next);
      this.counted = counted;
    }

    @Override
    public void onComplete() {
      counted.end();
      super.onComplete();
    }

    @Override
    public void onCancel() {
      counted.end();
      super.onCancel();
    }
  }
}
