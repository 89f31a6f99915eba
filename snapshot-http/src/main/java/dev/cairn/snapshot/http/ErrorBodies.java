package dev.cairn.snapshot.http;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a client is told of an error, in etcd's shapes: one object without a newline. */
final class ErrorBodies {
  private final Gson json = new Gson();
  private final ErrorStyle style;

  ErrorBodies(ErrorStyle style) {
    this.style = style;
  }

  int httpStatus(Status status) {
    return HttpStatuses.of(status.getCode(), style);
  }

  /** In place of an answer. */
  ByteBuffer ofCall(Status status) {
    JsonObject error = new JsonObject();
    String message = message(status);
    if (style == ErrorStyle.ETCD_3_6) {
      return bytes(plain(status, message));
    }
    error.addProperty("error", message);
    error.addProperty("message", message);
    error.addProperty("code", status.getCode().value());
    return bytes(error);
  }

  /** In place of a stream, or as its last frame. */
  ByteBuffer ofStream(Status status) {
    JsonObject frame = new JsonObject();
    String message = message(status);
    frame.add("error", style == ErrorStyle.ETCD_3_6 ? plain(status, message) : full(status));
    return bytes(frame);
  }

  private JsonObject plain(Status status, String message) {
    JsonObject error = new JsonObject();
    error.addProperty("code", status.getCode().value());
    error.addProperty("message", message);
    return error;
  }

  private JsonObject full(Status status) {
    JsonObject error = new JsonObject();
    error.addProperty("grpc_code", status.getCode().value());
    error.addProperty("http_code", httpStatus(status));
    error.addProperty("message", message(status));
    error.addProperty("http_status", HttpStatuses.text(httpStatus(status)));
    return error;
  }

  private static String message(Status status) {
    return status.getDescription() == null ? status.getCode().name() : status.getDescription();
  }

  private ByteBuffer bytes(JsonObject object) {
    return ByteBuffer.wrap(json.toJson(object).getBytes(StandardCharsets.UTF_8));
  }
}
