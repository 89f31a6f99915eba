package dev.cairn.snapshot.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** One request and its answer, with the headers that etcd's gateway sends. */
final class Exchange {
  private static final String JSON = "application/json";
  private static final String GRPC = "application/grpc";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String TRAILER = "Grpc-Trailer-Content-Type";

  private final Request request;
  private final Response response;
  private final Callback done;

  Exchange(Request request, Response response, Callback done) {
    this.request = request;
    this.response = response;
    this.done = done;
    response
        .getHeaders()
        .put("Access-Control-Allow-Headers", "accept, content-type, authorization")
        .put("Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE")
        .put("Access-Control-Allow-Origin", "*");
  }

  Request request() {
    return request;
  }

  Response response() {
    return response;
  }

  Callback done() {
    return done;
  }

  String method() {
    return request.getMethod();
  }

  String header(String name) {
    return request.getHeaders().get(name);
  }

  void setHeader(HttpField field) {
    response.getHeaders().put(field);
  }

  /** The head of what a call answers. */
  void beginAnswer() {
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
    response.getHeaders().put("Grpc-Metadata-Content-Type", GRPC);
  }

  void answer(ByteBuffer json) {
    beginAnswer();
    send(json);
  }

  /** A call that was not even made. */
  void refuse(int status, ByteBuffer json) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
    send(json);
  }

  /** The head of what a stream or a call tells when it failed; its length is not told. */
  void beginFailure(int status) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
  }

  /** A call that failed: as etcd's, with a trailer behind it. */
  void fail(int status, ByteBuffer json) {
    beginFailure(status);
    response.getHeaders().put(HttpHeader.TRAILER, TRAILER);
    response.setTrailersSupplier(() -> HttpFields.build().put(TRAILER, GRPC));
    Callback last = Callback.from(() -> response.write(true, null, done), done::failed);
    response.write(false, json, last);
  }

  /** That all is well, and nothing more. */
  void nothing() {
    response.setStatus(200);
    send(ByteBuffer.allocate(0));
  }

  void text(int status, String text) {
    text(status, TEXT, text);
  }

  void text(int status, String contentType, String text) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    if (status >= 400) {
      response.getHeaders().put("X-Content-Type-Options", "nosniff");
    }
    send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void send(ByteBuffer body) {
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
    response.write(true, body, done);
  }
}
