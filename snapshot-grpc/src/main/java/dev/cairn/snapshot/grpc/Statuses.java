package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one table between our error codes and gRPC's. Ours travels in a trailer besides, since gRPC
 * has fewer: between two of us nothing is lost, and others still get a status they know.
 */
final class Statuses {
  static final Metadata.Key<String> CODE_KEY =
      Metadata.Key.of("cairn-code", Metadata.ASCII_STRING_MARSHALLER);

  /** What a library adds for its own authors. */
  private static final Pattern PIPELINE = Pattern.compile("\\s*Channel Pipeline: \\[[^\\]]*]");

  private Statuses() {}

  /** What a client is told of one of our errors. */
  static Status of(Code code) {
    return switch (code) {
      case CORRUPT, HASH_MISMATCH -> Status.DATA_LOSS;
      case NOT_FOUND -> Status.NOT_FOUND;
      case EXISTS -> Status.ALREADY_EXISTS;
      case LOCKED, READ_ONLY -> Status.FAILED_PRECONDITION;
      case EXPIRED -> Status.ABORTED;
      case UNAVAILABLE, CLOSED -> Status.UNAVAILABLE;
      case FULL -> Status.RESOURCE_EXHAUSTED;
      case LIMIT -> Status.INVALID_ARGUMENT;
      case UNSUPPORTED -> Status.UNIMPLEMENTED;
      case IO -> Status.INTERNAL;
    };
  }

  /** What a status means that came without our trailer, from etcd or from the transport. */
  static Code codeOf(Status.Code status) {
    return switch (status) {
      case UNAVAILABLE, CANCELLED, DEADLINE_EXCEEDED, ABORTED, RESOURCE_EXHAUSTED ->
          Code.UNAVAILABLE;
      case UNAUTHENTICATED, PERMISSION_DENIED -> Code.UNAVAILABLE;
      case DATA_LOSS -> Code.CORRUPT;
      case NOT_FOUND -> Code.NOT_FOUND;
      case ALREADY_EXISTS -> Code.EXISTS;
      case INVALID_ARGUMENT, OUT_OF_RANGE -> Code.LIMIT;
      case UNIMPLEMENTED, FAILED_PRECONDITION -> Code.UNSUPPORTED;
      case OK, UNKNOWN, INTERNAL -> Code.IO;
    };
  }

  /** Our own code behind a failure, where the other side is one of us. */
  static Optional<Code> codeOf(Metadata trailers) {
    String text = trailers == null ? null : trailers.get(CODE_KEY);
    for (Code code : Code.values()) {
      if (code.text().equals(text)) {
        return Optional.of(code);
      }
    }
    return Optional.empty();
  }

  /** The trailer that carries our own code. */
  static Metadata trailers(Code code) {
    Metadata trailers = new Metadata();
    trailers.put(CODE_KEY, code.text());
    return trailers;
  }

  /** The status for any failure of a call; a bug of ours is INTERNAL, as a failing disk is. */
  static Status statusOf(Throwable failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return of(code(failure)).withDescription(message).withCause(failure);
  }

  static Metadata trailersOf(Throwable failure) {
    return trailers(code(failure));
  }

  private static Code code(Throwable failure) {
    return failure instanceof StorageException ours ? ours.code() : Code.IO;
  }

  /**
   * What a caller of the client gets.
   *
   * @param begun whether a snapshot's first message had come: from then on every end that was not
   *     explained by one of us is a broken stream, whatever the status says
   */
  static StorageException exception(
      String endpoint, Status status, Metadata trailers, boolean begun) {
    if (status.getCause() instanceof StorageException ours) {
      return ours;
    }
    boolean refused = AuthFailures.refused(status);
    Code unexplained = begun || refused ? Code.UNAVAILABLE : codeOf(status.getCode());
    return StorageException.of(
        codeOf(trailers).orElse(unexplained), endpoint + ": " + text(status, begun));
  }

  private static String text(Status status, boolean begun) {
    String text = oneLine(status);
    return begun ? "the stream broke off: " + text + "; save again" : text;
  }

  private static String oneLine(Status status) {
    StringBuilder text = new StringBuilder();
    text.append(status.getDescription() == null ? status.getCode() : status.getDescription());
    Throwable deepest = status.getCause();
    while (deepest != null && deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    if (deepest != null && deepest.getMessage() != null) {
      text.append(" (").append(deepest.getMessage()).append(')');
    }
    return PIPELINE.matcher(text).replaceFirst("").replaceAll("\\s*\\R\\s*", " ");
  }
}
