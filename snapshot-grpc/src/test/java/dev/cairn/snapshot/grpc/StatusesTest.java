package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StatusesTest {
  @ParameterizedTest
  @EnumSource(Code.class)
  void everyCodeOfOursComesBackAsItself(Code code) {
    StorageException sent = StorageException.of(code, "what it was");
    Status status = Statuses.statusOf(sent);
    assertNotEquals(Status.Code.OK, status.getCode());
    for (boolean begun : new boolean[] {true, false}) {
      StorageException got =
          Statuses.exception("h:1", status.withCause(null), Statuses.trailersOf(sent), begun);
      assertEquals(code, got.code());
      assertEquals(true, got.getMessage().contains("h:1: "));
      assertEquals(true, got.getMessage().contains("what it was"));
    }
  }

  @ParameterizedTest
  @EnumSource(Status.Code.class)
  void everyStatusWithoutOurTrailerIsABreakOnceBegun(Status.Code status) {
    StorageException got = Statuses.exception("h:1", Status.fromCode(status), new Metadata(), true);
    assertEquals(Code.UNAVAILABLE, got.code());
  }

  @ParameterizedTest
  @CsvSource({
    "CANCELLED, UNAVAILABLE",
    "UNKNOWN, IO",
    "INVALID_ARGUMENT, LIMIT",
    "DEADLINE_EXCEEDED, UNAVAILABLE",
    "NOT_FOUND, NOT_FOUND",
    "ALREADY_EXISTS, EXISTS",
    "PERMISSION_DENIED, UNAVAILABLE",
    "RESOURCE_EXHAUSTED, UNAVAILABLE",
    "FAILED_PRECONDITION, UNSUPPORTED",
    "ABORTED, UNAVAILABLE",
    "OUT_OF_RANGE, LIMIT",
    "UNIMPLEMENTED, UNSUPPORTED",
    "INTERNAL, IO",
    "UNAVAILABLE, UNAVAILABLE",
    "DATA_LOSS, CORRUPT",
    "UNAUTHENTICATED, UNAVAILABLE"
  })
  void aStatusWithoutOurTrailerMeansTheNearestCode(Status.Code status, Code expected) {
    StorageException got = Statuses.exception("h:1", Status.fromCode(status), null, false);
    assertEquals(expected, got.code());
  }

  @ParameterizedTest
  @CsvSource({
    "CORRUPT, DATA_LOSS",
    "HASH_MISMATCH, DATA_LOSS",
    "NOT_FOUND, NOT_FOUND",
    "EXISTS, ALREADY_EXISTS",
    "LOCKED, FAILED_PRECONDITION",
    "EXPIRED, ABORTED",
    "UNAVAILABLE, UNAVAILABLE",
    "FULL, RESOURCE_EXHAUSTED",
    "LIMIT, INVALID_ARGUMENT",
    "UNSUPPORTED, UNIMPLEMENTED",
    "READ_ONLY, FAILED_PRECONDITION",
    "CLOSED, UNAVAILABLE",
    "IO, INTERNAL"
  })
  void othersSeeTheNearestStatus(Code code, Status.Code expected) {
    assertEquals(expected, Statuses.of(code).getCode());
  }

  @Test
  void aTrailerOfALaterVersionIsNoReasonToFail() {
    Metadata trailers = new Metadata();
    trailers.put(Statuses.CODE_KEY, "no-such-code");
    StorageException got = Statuses.exception("h:1", Status.NOT_FOUND, trailers, false);
    assertEquals(Code.NOT_FOUND, got.code());
  }

  @Test
  void whatWeFoundOurselvesStaysAsItIs() {
    StorageException found = StorageException.of(Code.CORRUPT, "no message");
    Status status = Status.CANCELLED.withCause(found);
    assertSame(found, Statuses.exception("h:1", status, null, false));
  }

  @Test
  void theMessageIsOneLineWithTheDeepestCause() {
    Status status =
        Status.UNAVAILABLE
            .withDescription("io\n exception")
            .withCause(new IllegalStateException(new IllegalStateException("Connection refused")));
    assertEquals(
        "h:1: io exception (Connection refused)",
        Statuses.exception("h:1", status, null, false).getMessage());
  }

  @Test
  void whatALibraryTellsItsAuthorsIsLeftOut() {
    Status status =
        Status.UNAVAILABLE.withDescription("io exception\nChannel Pipeline: [Ssl#0, Tail#0]");
    assertEquals("h:1: io exception", Statuses.exception("h:1", status, null, false).getMessage());
  }

  /** What etcd 3.4, 3.5 and 3.6 say of callers, in the statuses that they say it in. */
  @ParameterizedTest
  @CsvSource({
    "UNKNOWN, auth: user name is empty",
    "UNKNOWN, auth: permission denied",
    "UNKNOWN, auth: invalid auth token",
    "INVALID_ARGUMENT, etcdserver: user name is empty",
    "INVALID_ARGUMENT, 'etcdserver: authentication failed, invalid user ID or password'",
    "PERMISSION_DENIED, etcdserver: permission denied",
    "UNAUTHENTICATED, etcdserver: invalid auth token",
    "INVALID_ARGUMENT, etcdserver: revision of auth store is old",
    "FAILED_PRECONDITION, etcdserver: user name not found"
  })
  void aCallerWhoIsRefusedGetsNoService(Status.Code code, String text) {
    Status status = code.toStatus().withDescription(text);
    StorageException got = Statuses.exception("h:1", status, null, false);
    assertEquals(Code.UNAVAILABLE, got.code());
    assertEquals("h:1: " + text, got.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "UNKNOWN, etcdserver: no space",
    "UNKNOWN, author: unknown",
    "INVALID_ARGUMENT, etcdserver: key is not provided"
  })
  void whatElseGoesWrongIsNothingOfTheCallers(Status.Code code, String text) {
    Status status = code.toStatus().withDescription(text);
    assertNotEquals(Code.UNAVAILABLE, Statuses.exception("h:1", status, null, false).code());
  }

  @Test
  void aBugOfOursIsInternal() {
    assertEquals(Status.Code.INTERNAL, Statuses.statusOf(new IllegalStateException()).getCode());
  }
}
