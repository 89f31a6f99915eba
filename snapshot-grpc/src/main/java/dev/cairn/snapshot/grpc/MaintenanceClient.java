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
import dev.cairn.spi.StorageException;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
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
 * first message of a snapshot: after it a break ends the fetch with {@code unavailable}. Nor is it
 * tried again when one side refuses the other's certificate or the user. Every failure is a {@link
 * dev.cairn.spi.StorageException} that names the endpoint.
 */
public final class MaintenanceClient implements AutoCloseable {
  /** The largest message taken; etcd's have 32 KiB, ours up to 2 MiB. */
  static final int MESSAGE_BYTES_MAX = 4 << 20;

  private final ManagedChannel channel;
  private final String endpoint;
  private final ClientConfig config;
  private final boolean secure;
  private final SignIn signIn;

  /** For a channel in plaintext that is there already. */
  MaintenanceClient(ManagedChannel channel, String endpoint, ClientConfig config) {
    this(channel, endpoint, false, config);
  }

  private MaintenanceClient(
      ManagedChannel channel, String endpoint, boolean secure, ClientConfig config) {
    this.channel = channel;
    this.endpoint = endpoint;
    this.secure = secure;
    this.config = config;
    this.signIn = new SignIn(channel, config.credentials());
  }

  /**
   * A client of one server; the connection is made with the first call. {@code https://} encrypts
   * and {@code http://} does not; where the endpoint says neither, the connection is encrypted when
   * the configuration names an authority's or a client's certificate.
   *
   * @param endpoint {@code HOST:PORT}, {@code http://HOST:PORT} or {@code https://HOST:PORT}, an
   *     IPv6 address in brackets
   * @param config how patient it is, what it trusts, who it is
   * @return a client that the caller closes
   * @throws IllegalArgumentException for another endpoint
   * @throws dev.cairn.spi.StorageException for a PEM file of the configuration, when the connection
   *     is to be encrypted: {@code not-found}, {@code io}, {@code corrupt}, {@code unsupported} for
   *     a key that is encrypted or of an unknown kind; {@code unavailable} when certificate and key
   *     are not a pair
   */
  public static MaintenanceClient connect(String endpoint, ClientConfig config) {
    Endpoint parsed = Endpoint.parse(endpoint);
    boolean secure = parsed.secure(config.tls());
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(parsed.host(), parsed.port());
    if (secure) {
      builder.sslContext(TlsFiles.context(config.tls()));
    } else {
      builder.usePlaintext();
    }
    ManagedChannel channel =
        builder
            .disableRetry()
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .keepAliveTime(config.keepAliveMillis(), TimeUnit.MILLISECONDS)
            .build();
    return new MaintenanceClient(channel, parsed.toString(), secure, config);
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
    return untilItWorks(
        (headers, untilNanos) -> {
          SnapshotCall call = new SnapshotCall(channel, endpoint, config, headers, untilNanos);
          boolean begun = false;
          try {
            call.awaitFirst();
            begun = true;
            return call;
          } finally {
            if (!begun) {
              call.close();
            }
          }
        });
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
    return untilItWorks(
        (headers, untilNanos) ->
            ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(
                    channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
                method,
                CallOptions.DEFAULT,
                request));
  }

  /** One attempt of a call; throws a {@link StatusRuntimeException} when it may be repeated. */
  private interface Attempt<T> {
    T run(Metadata headers, long untilNanos);
  }

  /**
   * A server that is not there is tried again; a token that is no longer valid is renewed once. The
   * last attempt may have no answer in what is left of the time: then the one before tells why.
   */
  private <T> T untilItWorks(Attempt<T> attempt) {
    Attempts attempts = new Attempts(config.dialMillis());
    boolean renewed = false;
    StatusRuntimeException before = null;
    while (true) {
      Metadata headers = new Metadata();
      try {
        headers = signIn.headers(attempts.untilNanos());
        return attempt.run(headers, attempts.untilNanos());
      } catch (StatusRuntimeException e) {
        boolean stale = !renewed && signIn.forget(headers, e.getStatus());
        renewed |= stale;
        if (!stale && !(mayPass(e.getStatus()) && attempts.again())) {
          throw failure(e.getStatus() == SnapshotCall.NO_CONNECTION && before != null ? before : e);
        }
        before = e;
      }
      channel.resetConnectBackoff();
    }
  }

  private StorageException failure(StatusRuntimeException e) {
    return Statuses.exception(
        endpoint, TlsFailures.explain(e.getStatus(), secure), e.getTrailers(), false);
  }

  private boolean mayPass(Status failure) {
    return failure.getCode() == Status.Code.UNAVAILABLE
        && !channel.isShutdown()
        && !TlsFailures.lasts(failure);
  }

  /** Ends every call that is running, {@code unavailable} for its caller. Idempotent. */
  @Override
  public void close() {
    channel.shutdownNow();
  }
}
