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
    "PERMISSION_DENIED, UNSUPPORTED",
    "RESOURCE_EXHAUSTED, UNAVAILABLE",
    "FAILED_PRECONDITION, UNSUPPORTED",
    "ABORTED, UNAVAILABLE",
    "OUT_OF_RANGE, LIMIT",
    "UNIMPLEMENTED, UNSUPPORTED",
    "INTERNAL, IO",
    "UNAVAILABLE, UNAVAILABLE",
    "DATA_LOSS, CORRUPT",
    "UNAUTHENTICATED, UNSUPPORTED"
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
  void aBugOfOursIsInternal() {
    assertEquals(Status.Code.INTERNAL, Statuses.statusOf(new IllegalStateException()).getCode());
  }
}
