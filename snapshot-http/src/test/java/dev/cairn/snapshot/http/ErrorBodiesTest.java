package dev.cairn.snapshot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Errors in the shapes of two etcds. */
class ErrorBodiesTest {
  private static final Status NOBODY = Status.UNKNOWN.withDescription("auth: user name is empty");

  private final ErrorBodies older = new ErrorBodies(ErrorStyle.ETCD_3_4);
  private final ErrorBodies newer = new ErrorBodies(ErrorStyle.ETCD_3_6);

  /** The object that a real etcd 3.4 sent in place of a stream. */
  @Test
  void aStreamsErrorIsEtcds() throws IOException {
    String told = UTF_8.decode(older.ofStream(NOBODY)).toString();
    String fixture = Fixtures.text("gateway-snapshot-without-token.json").replace("\\\"", "\"");
    assertTrue(fixture.contains('"' + told + '"'), told);
    assertTrue(fixture.contains("\"status\": " + older.httpStatus(NOBODY)));
    assertEquals(
        "{\"error\":{\"code\":2,\"message\":\"auth: user name is empty\"}}",
        UTF_8.decode(newer.ofStream(NOBODY)).toString());
  }

  @Test
  void aCallsErrorIsEtcds() {
    assertEquals(
        "{\"error\":\"auth: user name is empty\",\"message\":\"auth: user name is empty\","
            + "\"code\":2}",
        UTF_8.decode(older.ofCall(NOBODY)).toString());
    assertEquals(
        "{\"code\":2,\"message\":\"auth: user name is empty\"}",
        UTF_8.decode(newer.ofCall(NOBODY)).toString());
  }

  @Test
  void everyCodeHasAStatus() {
    for (Status.Code code : Status.Code.values()) {
      for (ErrorStyle style : ErrorStyle.values()) {
        int status = HttpStatuses.of(code, style);
        assertTrue(code == Status.Code.OK ? status == 200 : status >= 400 && status < 600);
      }
    }
    assertEquals(412, older.httpStatus(Status.FAILED_PRECONDITION));
    assertEquals(400, newer.httpStatus(Status.FAILED_PRECONDITION));
  }

  /** No newline, quote or angle bracket of a message gets out of its string. */
  @Test
  void aMessageStaysAString() {
    Status odd = Status.INTERNAL.withDescription("a \"b\"\n</script>");
    String told = UTF_8.decode(older.ofCall(odd)).toString();
    assertTrue(!told.contains("\n") && !told.contains("<") && told.contains("\\\"b\\\""), told);
  }
}
