package dev.cairn.snapshot.http;

import io.grpc.Status;
import org.eclipse.jetty.http.HttpStatus;

/** Which HTTP status stands for a gRPC code, as etcd's gateways have it. */
final class HttpStatuses {
  private HttpStatuses() {}

  /** Its words, as etcd has them. */
  static String text(int status) {
    return status == 500 ? "Internal Server Error" : HttpStatus.getMessage(status);
  }

  static int of(Status.Code code, ErrorStyle style) {
    return switch (code) {
      case OK -> 200;
      case INVALID_ARGUMENT, OUT_OF_RANGE -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED -> 409;
      case FAILED_PRECONDITION -> style == ErrorStyle.ETCD_3_4 ? 412 : 400;
      case RESOURCE_EXHAUSTED -> 429;
      case CANCELLED -> style == ErrorStyle.ETCD_3_4 ? 408 : 499;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
    };
  }
}
