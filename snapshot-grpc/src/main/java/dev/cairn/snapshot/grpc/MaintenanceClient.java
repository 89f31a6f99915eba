package dev.cairn.snapshot.grpc;

import dev.cairn.etcd.proto.DefragmentRequest;
import dev.cairn.etcd.proto.HashRequest;
import dev.cairn.etcd.proto.HashResponse;
import dev.cairn.etcd.proto.ResponseHeader;
import dev.cairn.etcd.proto.StatusRequest;
import dev.cairn.etcd.proto.StatusResponse;
import dev.cairn.snapshot.IncomingFile;
import dev.cairn.snapshot.Received;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.SnapshotReceiver;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * Fetches snapshots from a server of ours or from etcd, and checks them while they come in.
 * Thread-safe; {@link #close()} also ends what other threads are fetching.
 *
 * <p>A server that is not there is tried again until the dial time is over, but only before the
 * first message of a snapshot: after it a break ends the fetch with {@code unavailable}. Every
 * failure is a {@link dev.cairn.spi.StorageException} that names the endpoint.
 */
public final class MaintenanceClient implements AutoCloseable {
  /** The largest message taken; etcd's have 32 KiB, ours up to 2 MiB. */
  static final int MESSAGE_BYTES_MAX = 4 << 20;

  private final ManagedChannel channel;
  private final String endpoint;
  private final ClientConfig config;

  MaintenanceClient(ManagedChannel channel, String endpoint, ClientConfig config) {
    this.channel = channel;
    this.endpoint = endpoint;
    this.config = config;
  }

  /**
   * A client of one server; the connection is made with the first call.
   *
   * @param endpoint {@code HOST:PORT} or {@code http://HOST:PORT}, an IPv6 address in brackets
   * @param config how patient it is
   * @return a client that the caller closes
   * @throws IllegalArgumentException for another endpoint
   * @throws dev.cairn.spi.StorageException {@code unsupported} for an https endpoint
   */
  public static MaintenanceClient connect(String endpoint, ClientConfig config) {
    Endpoint parsed = Endpoint.parse(endpoint);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(parsed.host(), parsed.port())
            .usePlaintext()
            .disableRetry()
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .keepAliveTime(config.keepAliveMillis(), TimeUnit.MILLISECONDS)
            .build();
    return new MaintenanceClient(channel, parsed.toString(), config);
  }

  /**
   * Saves a snapshot as a file: received, checked, made durable, then given its name. Whatever goes
   * wrong, the target stays as it was and nothing is left beside it.
   *
   * @param target the file; its directory exists
   * @param options whether a file that is there is replaced, who is told of the progress
   * @return the file
   * @throws dev.cairn.spi.StorageException {@code unavailable} when the server cannot be reached,
   *     breaks off or stalls; {@code hash-mismatch} or {@code corrupt} when what came is not what
   *     was announced; {@code full} when the announced image has no room; {@code exists}; {@code
   *     not-found}; {@code io}; or what the server reports
   */
  public SnapshotFile save(Path target, SaveOptions options) {
    try (IncomingFile file = IncomingFile.create(target, options);
        SnapshotCall call = open()) {
      for (SnapshotFrame frame = call.next(); frame != null; frame = call.next()) {
        file.accept(frame.blob(), frame.remainingBytes());
      }
      file.commit();
    }
    return SnapshotFile.inspect(options.disk(), target);
  }

  /**
   * Copies a snapshot: its image, and behind it, once it was found right, the 32 bytes of its hash,
   * so that all together is a snapshot file. What was written is proven only when this returns.
   *
   * @param out where to; stays open
   * @return what was copied
   * @throws IOException what {@code out} threw
   * @throws dev.cairn.spi.StorageException as {@link #save}
   */
  public Received copyTo(WritableByteChannel out) throws IOException {
    try (SnapshotCall call = open();
        SnapshotReceiver receiver = new SnapshotReceiver(out)) {
      for (SnapshotFrame frame = call.next(); frame != null; frame = call.next()) {
        receiver.accept(frame.blob(), frame.remainingBytes());
      }
      Received received = receiver.finish();
      ByteBuffer hash = ByteBuffer.wrap(HexFormat.of().parseHex(received.sha256Hex()));
      while (hash.hasRemaining()) {
        out.write(hash);
      }
      return received;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Opens a snapshot to be read, for callers who want no file: the bytes of a snapshot file, image
   * and hash. Its {@code read} throws what {@link #save} throws, and tells the end (-1) only when
   * the hash was right; until then nothing that was read is proven.
   *
   * @return a channel for one thread, that the caller closes; closed early, the server lets its pin
   *     go
   * @throws dev.cairn.spi.StorageException as {@link #save}
   */
  public ReadableByteChannel openSnapshot() {
    return new VerifiedChannel(open());
  }

  /** A call whose first message, or an end without one, is there. */
  private SnapshotCall open() {
    Attempts attempts = new Attempts(config.dialMillis());
    while (true) {
      SnapshotCall call = new SnapshotCall(channel, endpoint, config, attempts.untilNanos());
      boolean kept = false;
      try {
        kept = call.awaitFirst();
        if (kept) {
          return call;
        }
        if (channel.isShutdown() || !attempts.again()) {
          throw call.failure();
        }
      } finally {
        if (!kept) {
          call.close();
        }
      }
      channel.resetConnectBackoff();
    }
  }

  /**
   * Asks the server about itself.
   *
   * @return its answer
   * @throws dev.cairn.spi.StorageException {@code unavailable}, or what the server reports
   */
  public MemberStatus status() {
    StatusResponse status = ask(MaintenanceMethods.STATUS, StatusRequest.getDefaultInstance());
    ResponseHeader header = status.getHeader();
    return new MemberStatus(
        status.getVersion(),
        header.getRevision(),
        status.getDbSize(),
        status.getDbSizeInUse(),
        header.getClusterId(),
        header.getMemberId(),
        status.getLeader(),
        status.getRaftTerm(),
        status.getRaftIndex(),
        status.getRaftAppliedIndex(),
        status.getIsLearner(),
        status.getErrorsList());
  }

  /**
   * Lets the server hash its store.
   *
   * @return etcd's hash
   * @throws dev.cairn.spi.StorageException {@code unavailable}, or what the server reports
   */
  public StoreHash hash() {
    HashResponse hash = ask(MaintenanceMethods.HASH, HashRequest.getDefaultInstance());
    return new StoreHash(hash.getHash(), hash.getHeader().getRevision());
  }

  /**
   * Lets the server compact its store by a copy; returns when that is done.
   *
   * @throws dev.cairn.spi.StorageException {@code unavailable}, or what the server reports
   */
  public void defragment() {
    ask(MaintenanceMethods.DEFRAGMENT, DefragmentRequest.getDefaultInstance());
  }

  private <Q, R> R ask(MethodDescriptor<Q, R> method, Q request) {
    Attempts attempts = new Attempts(config.dialMillis());
    while (true) {
      try {
        return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, request);
      } catch (StatusRuntimeException e) {
        boolean absent = e.getStatus().getCode() == Status.Code.UNAVAILABLE;
        if (!absent || channel.isShutdown() || !attempts.again()) {
          throw Statuses.exception(endpoint, e.getStatus(), e.getTrailers(), false);
        }
      }
      channel.resetConnectBackoff();
    }
  }

  /** Ends every call that is running, {@code unavailable} for its caller. Idempotent. */
  @Override
  public void close() {
    channel.shutdownNow();
  }
}
