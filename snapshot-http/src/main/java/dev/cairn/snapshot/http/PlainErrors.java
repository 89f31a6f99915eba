package dev.cairn.snapshot.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What is no request at all gets one line, with nothing of what was sent in it. */
final class PlainErrors extends ErrorHandler {
  private static final String TEXT = "text/plain; charset=utf-8";

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, TEXT);
    response.write(true, line(response.getStatus()), callback);
    return true;
  }

  private static ByteBuffer line(int status) {
    String text = HttpStatuses.text(status) + "\n";
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
