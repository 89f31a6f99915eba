package dev.cairn.snapshot.http;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** The answer of one call. */
final class UnaryAnswer implements StreamObserver<Message> {
  private final Exchange exchange;
  private final Json json;
  private final ErrorBodies errors;
  private final Runnable ended;
  private Message answer;

  /** Sends what comes to the client; {@code ended} runs first. */
  UnaryAnswer(Exchange exchange, Json json, ErrorBodies errors, Runnable ended) {
    this.exchange = exchange;
    this.json = json;
    this.errors = errors;
    this.ended = ended;
  }

  @Override
  public void onNext(Message message) {
    answer = message;
  }

  @Override
  public void onCompleted() {
    ended.run();
    exchange.answer(json.write(answer));
  }

  @Override
  public void onError(Throwable failure) {
    ended.run();
    Status status = Status.fromThrowable(failure);
    exchange.fail(errors.httpStatus(status), errors.ofCall(status));
  }
}
