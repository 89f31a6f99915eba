package dev.cairn.engine.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a commit may come to. */
class BackendBaseTest {
  private static final Bucket BUCKET = Bucket.named("b");

  private final MemoryBackend backend = new MemoryBackend(BackendConfig.defaults());

  private static Batch create(String... names) {
    Batch.Builder batch = Batch.builder();
    List.of(names).forEach(name -> batch.createBucket(Bucket.named(name)));
    return batch.build();
  }

  private static Batch put(int keyBytes) {
    return Batch.builder().put(BUCKET, new byte[keyBytes], new byte[1]).build();
  }

  private static StorageException assertCode(Code code, Executable call) {
    StorageException thrown = assertThrows(StorageException.class, call);
    assertEquals(code, thrown.code(), thrown.getMessage());
    return thrown;
  }

  private static Runnable failing(Code code) {
    return () -> {
      throw StorageException.of(code, MemoryBackend.STORE, "on purpose");
    };
  }

  private void assertUsable() {
    backend.onApply = () -> {};
    backend.onForce = () -> {};
    long before = backend.commitCount();
    backend.commit(create("b"));
    backend.sync();
    assertEquals(before + 1, backend.commitCount());
  }

  @Test
  void rejectsWhatIsOverTheLimitsOrHasNoBucket() {
    assertCode(Code.NOT_FOUND, () -> backend.commit(put(8)));
    backend.commit(create("b"));
    assertCode(Code.LIMIT, () -> backend.commit(put(9)));
    backend.commit(put(8));
    assertCode(Code.LIMIT, () -> backend.commit(create("c", "d", "e")));
    backend.commit(create("c", "d"));
    assertCode(Code.LIMIT, () -> backend.commit(create("e")));
    backend.commit(Batch.builder().deleteBucket(BUCKET).createBucket(Bucket.named("e")).build());
    assertEquals(4, backend.commitCount());
    backend.commit(Batch.builder().build());
    assertEquals(4, backend.commitCount());
  }

  @Test
  void aStoreOverTheLimitOfBucketsMayStillShrink() {
    backend.currentBuckets().addAll(Set.of(BUCKET, Bucket.named("c"), Bucket.named("d")));
    backend.currentBuckets().addAll(Set.of(Bucket.named("e"), Bucket.named("f")));
    backend.commit(put(1));
    backend.commit(Batch.builder().deleteBucket(BUCKET).build());
    assertEquals(4, backend.currentBuckets().size());
  }

  @Test
  void staysUsableAfterARejection() {
    Set<Code> rejecting =
        EnumSet.of(Code.LIMIT, Code.FULL, Code.CLOSED, Code.READ_ONLY, Code.NOT_FOUND);
    for (Code code : rejecting) {
      backend.onApply = failing(code);
      assertCode(code, () -> backend.commit(create("b")));
      assertUsable();
    }
    for (Code code : EnumSet.complementOf(EnumSet.copyOf(rejecting))) {
      MemoryBackend other = new MemoryBackend(BackendConfig.defaults());
      other.onApply = failing(code);
      assertCode(code, () -> other.commit(create("b")));
      other.onApply = () -> {};
      assertCode(code, () -> other.commit(create("b")));
    }
  }

  @Test
  void aFailureThrowsTheSameEveryTimeAndNeverTheSameObject() {
    backend.onApply = failing(Code.IO);
    StorageException first = assertCode(Code.IO, () -> backend.commit(create("b")));
    backend.onApply = () -> {};
    StorageException second = assertCode(Code.IO, () -> backend.commit(create("b")));
    StorageException third = assertCode(Code.IO, backend::sync);
    assertEquals(first.getMessage(), second.getMessage());
    assertEquals(first.file(), third.file());
    assertNotSame(second, third);
    assertSame(first, second.getCause());
    assertSame(first, third.getCause());
    assertEquals(0, backend.commitCount());
    backend.pin().close();
    backend.close();
  }

  /** An exception cannot be suppressed by itself: a shared one would hide the failure. */
  @Test
  void aFailureSurvivesATryThatFailsTwice() {
    backend.onApply = failing(Code.IO);
    assertCode(Code.IO, () -> backend.commit(create("b")));
    StorageException thrown =
        assertCode(
            Code.IO,
            () -> {
              try (AutoCloseable last = () -> backend.commit(create("c"))) {
                assertNotSame(null, last);
                backend.commit(create("b"));
              }
            });
    assertEquals(1, thrown.getSuppressed().length);
  }

  @Test
  void anUnexpectedExceptionIsAFailure() {
    IllegalStateException bug = new IllegalStateException("on purpose");
    backend.onApply =
        () -> {
          throw bug;
        };
    StorageException thrown = assertCode(Code.IO, () -> backend.commit(create("b")));
    assertSame(bug, thrown.getCause());
    backend.onApply = () -> {};
    assertCode(Code.IO, () -> backend.commit(create("b")));
  }

  @Test
  void anErrorIsThrownAsItIsAndPoisons() {
    backend.onApply =
        () -> {
          throw new StackOverflowError("on purpose");
        };
    assertThrows(StackOverflowError.class, () -> backend.commit(create("b")));
    backend.onApply = () -> {};
    assertCode(Code.IO, () -> backend.commit(create("b")));
  }

  @Test
  void aFailedSyncIsAFailureWhateverItSays() {
    backend.onForce = failing(Code.FULL);
    assertCode(Code.FULL, backend::sync);
    backend.onForce = () -> {};
    assertCode(Code.FULL, backend::sync);
    assertCode(Code.FULL, () -> backend.commit(create("b")));
  }

  @Test
  void aCommitIsDoneEvenWhenThePinsCannotBeCounted() {
    backend.onPinnedBytes = failing(Code.IO);
    backend.pin();
    backend.commit(create("b"));
    assertEquals(1, backend.commitCount());
    assertUsable();
  }

  @Test
  void readOnlyChangesNothing() {
    MemoryBackend reader =
        new MemoryBackend(BackendConfig.defaults().withAccess(BackendConfig.Access.READ_ONLY));
    assertCode(Code.READ_ONLY, () -> reader.commit(create("b")));
    assertCode(Code.READ_ONLY, () -> reader.commit(Batch.builder().build()));
    reader.pin().close();
    reader.close();
  }

  @Test
  void aClosedOneRefusesEverything() {
    Pin pin = backend.pin();
    backend.close();
    backend.close();
    assertEquals(1, backend.frees.get());
    assertEquals(0, backend.pinned.get());
    assertCode(Code.CLOSED, () -> backend.commit(create("b")));
    assertCode(Code.CLOSED, () -> backend.commit(Batch.builder().build()));
    assertCode(Code.CLOSED, backend::sync);
    assertCode(Code.CLOSED, backend::stats);
    assertCode(Code.CLOSED, backend::pin);
    assertCode(Code.CLOSED, pin::enter);
    pin.close();
    assertEquals(0, backend.touchedAfterFree.get());
  }

  @Test
  void worksOnAnInterruptedThreadAndKeepsTheFlag() {
    Thread.currentThread().interrupt();
    backend.commit(create("b"));
    backend.sync();
    backend.stats();
    backend.call(backend.pin());
    backend.close();
    assertTrue(Thread.interrupted());
    assertFalse(Thread.interrupted());
    assertEquals(1, backend.frees.get());
  }
}
