package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import io.grpc.ServerCallHandler;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.ServerCalls.UnaryMethod;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;

/** Calls with one answer, or a status that tells why there is none. */
final class UnaryCalls {
  private UnaryCalls() {}

  /** Answers with what a function gives; what it throws becomes the status. */
  static <Q, R> ServerCallHandler<Q, R> answering(Function<Q, R> answer) {
    UnaryMethod<Q, R> method = (request, observer) -> answer(answer, request, observer);
    return ServerCalls.asyncUnaryCall(method);
  }

  private static <Q, R> void answer(Function<Q, R> answer, Q request, StreamObserver<R> observer) {
    R response;
    try {
      response = answer.apply(request);
    } catch (StatusRuntimeException told) {
      observer.onError(told);
      return;
    } catch (RuntimeException e) {
      observer.onError(Statuses.statusOf(e).asRuntimeException(Statuses.trailersOf(e)));
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }

  /** Refuses every call, {@code unsupported}. */
  static <Q, R> ServerCallHandler<Q, R> unsupported(String why) {
    return answering(
        request -> {
          throw StorageException.of(Code.UNSUPPORTED, why);
        });
  }
}
