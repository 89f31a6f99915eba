package dev.cairn.snapshot.http;

import com.google.protobuf.Message;
import dev.cairn.etcd.proto.SnapshotResponse;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * One snapshot on its way to one client. The next message is asked for when the connection has
 * taken the one before, so a client that does not read is, to the service, one that takes nothing:
 * its rule for those ends the stream and lets the pin go. A connection that breaks cancels the call
 * at the next write.
 *
 * <p>gRPC's threads and those of the connection only leave messages; {@link #process()}, which runs
 * on one thread at a time, does all the rest.
 */
final class SnapshotAnswer extends IteratingCallback {
  private final ClientCall<Message, Message> call;
  private final Exchange exchange;
  private final ErrorBodies errors;
  private final EndPoint connection;
  private final long idleMillis;
  private final FramePieces pieces = new FramePieces();
  private volatile SnapshotResponse arrived;
  private volatile Status ended;

  // Touched by process() alone.
  private boolean writing;
  private boolean begun;
  private boolean failed;
  private boolean finished;

  SnapshotAnswer(ClientCall<Message, Message> call, Exchange exchange, ErrorBodies errors) {
    this.call = call;
    this.exchange = exchange;
    this.errors = errors;
    connection = exchange.request().getConnectionMetaData().getConnection().getEndPoint();
    idleMillis = connection.getIdleTimeout();
  }

  void start(Message request) {
    // While the stream runs, how long a client may take nothing is for the service to say.
    connection.setIdleTimeout(0);
    call.start(new Listener(), new Metadata());
    call.request(1);
    call.sendMessage(request);
    call.halfClose();
  }

  @Override
  protected Action process() {
    if (arrived != null) {
      pieces.begin(arrived);
      arrived = null;
      writing = true;
    }
    ByteBuffer piece = writing ? pieces.next() : null;
    if (piece != null) {
      begin();
      exchange.response().write(false, piece, this);
      return Action.SCHEDULED;
    }
    if (writing) {
      writing = false;
      call.request(1);
    }
    return arrived == null ? finish() : process();
  }

  private void begin() {
    if (!begun) {
      begun = true;
      exchange.beginAnswer();
    }
  }

  private Action finish() {
    if (finished) {
      return Action.SUCCEEDED;
    }
    Status status = ended;
    if (status == null || arrived != null) {
      return Action.IDLE;
    }
    if (!status.isOk() && !failed) {
      return fail(status);
    }
    finished = true;
    exchange.response().write(true, null, this);
    return Action.SCHEDULED;
  }

  /** As the last frame; where there was none before it, with a status of its own. */
  private Action fail(Status status) {
    failed = true;
    if (!begun) {
      begun = true;
      exchange.beginFailure(errors.httpStatus(status));
    }
    exchange.response().write(false, errors.ofStream(status), this);
    return Action.SCHEDULED;
  }

  @Override
  protected void onCompleteSuccess() {
    exchange.done().succeeded();
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    call.cancel("the client went away", cause);
    exchange.done().failed(cause);
  }

  private final class Listener extends ClientCall.Listener<Message> {
    @Override
    public void onMessage(Message message) {
      arrived = (SnapshotResponse) message;
      iterate();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended = status;
      // The pin is gone; what is still to be written gets the time of any other answer.
      connection.setIdleTimeout(idleMillis);
      iterate();
    }
  }
}
