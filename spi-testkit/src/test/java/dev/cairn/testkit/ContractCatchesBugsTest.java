package dev.cairn.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.BackendStats;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Batch.Mode;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Engine;
import dev.cairn.spi.HeadReader;
import dev.cairn.spi.Limits;
import dev.cairn.spi.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract suite fails for engines that break it. One bug at a time, and the test it meets. */
class ContractCatchesBugsTest {
  @TempDir private Path directory;
  private final List<Bench> benches = new ArrayList<>();

  /** The suite's tests as calls. */
  private record Rules(Bench bench)
      implements BatchRules,
          LimitRules,
          CursorRules,
          ViewRules,
          CloseRules,
          OpenRules,
          LockRules,
          MoveRules,
          JunkRules,
          SnapshotRules,
          InstallRules,
          PinRules,
          StatsRules {}

  private interface Rule {
    void check(Rules rules) throws Throwable;
  }

  private void assertCaught(Engine engine, Rule rule) throws Throwable {
    rule.check(rules(new HeapEngine()));
    Rules rules = rules(engine);
    assertThrows(Throwable.class, () -> rule.check(rules));
  }

  private Rules rules(Engine engine) {
    Path fresh = directory.resolve("bench" + benches.size());
    LocalDisk.INSTANCE.createDirectory(fresh);
    Bench bench = new Bench(engine, BackendConfig.defaults(), fresh);
    benches.add(bench);
    return new Rules(bench);
  }

  @AfterEach
  void closeBenches() {
    for (Bench bench : benches) {
      try {
        bench.closeAll();
      } catch (Exception buggy) {
        // An engine with a bug may fail here too.
      }
    }
  }

  @Test
  void lostDeletes() throws Throwable {
    assertCaught(Bugs.losesDeletes(key -> true), Rules::putsReplaceAndDeletesRemove);
  }

  /** Content in a sidecar that a closed store needs, and a close that acts by an old name. */
  @Test
  void storesThatCannotBeMoved() throws Throwable {
    assertCaught(Bugs.needsItsSidecar(), Rules::aClosedStoreIsItsMainFileAlone);
    assertCaught(
        Bugs.deletesByNameWhenClosed(), Rules::anOpenStoreIsMovedAsideAndAnotherTakesItsName);
  }

  @Test
  void mistakenModes() throws Throwable {
    assertCaught(
        Bugs.takesModeFor(Mode.CLEAR, Mode.ENSURE),
        Rules::dropThenCreateInOneBatchEmptiesTheBucket);
    assertCaught(
        Bugs.takesModeFor(Mode.ENSURE, Mode.CLEAR),
        Rules::creatingAnExistingBucketKeepsWhatItHolds);
    assertCaught(
        Bugs.takesModeFor(Mode.KEEP, Mode.ENSURE),
        Rules::aPutIntoAnAbsentBucketRejectsTheWholeBatch);
    assertCaught(
        Bugs.takesModeFor(Mode.KEEP, Mode.ENSURE),
        Rules::aDeleteFromAnAbsentBucketRejectsTheWholeBatch);
    assertCaught(
        Bugs.takesModeFor(Mode.DROP, Mode.CLEAR), Rules::droppingABucketRemovesItAndAllItHolds);
  }

  @Test
  void aRejectedBatchWithAnEffect() throws Throwable {
    Engine half =
        Bugs.ofBackends(
            backend ->
                new Delegates.OfBackend(backend) {
                  @Override
                  public void commit(Batch batch) {
                    for (Batch.Change change : batch.changes()) {
                      if (change.mode() == Mode.ENSURE) {
                        backend.commit(Batch.builder().createBucket(change.bucket()).build());
                      }
                    }
                    backend.commit(batch);
                  }
                });
    assertCaught(half, Rules::aPutIntoAnAbsentBucketRejectsTheWholeBatch);
  }

  @Test
  void viewsThatSeeLaterCommits() throws Throwable {
    assertCaught(Bugs.seesLaterCommits(), Rules::aViewDoesNotSeeLaterPutsAndDeletes);
    assertCaught(Bugs.seesLaterCommits(), Rules::everyViewKeepsItsOwnInstant);
  }

  @Test
  void viewsThatMissEarlierCommits() throws Throwable {
    assertCaught(new Bugs.CommitsLate(), Rules::viewsSeeEveryCommitBeforeThemAndNoneAfter);
  }

  @Test
  void cursorsThatGoAstray() throws Throwable {
    assertCaught(Bugs.seeksTooFar(), Rules::seekFindsAKeyThatIsThere);
    assertCaught(Bugs.walksInCircles(), Rules::nextWalksAllEntriesAndThenStaysBehindTheLast);
  }

  @Test
  void writableBuffers() throws Throwable {
    Engine writable =
        Bugs.ofCursors(
            cursor ->
                new Delegates.OfCursor(cursor) {
                  @Override
                  public ByteBuffer value() {
                    return ByteBuffer.wrap(Model.copy(cursor.value()));
                  }
                });
    assertCaught(writable, Rules::buffersAreReadOnlyAndStartAtZero);
  }

  @Test
  void sharedArrays() throws Throwable {
    assertCaught(Bugs.sharesValues(), Rules::getGivesAFreshArray);
  }

  @Test
  void bucketsOutOfOrder() throws Throwable {
    Engine reversed =
        Bugs.ofViews(
            view ->
                new Delegates.OfView(view) {
                  @Override
                  public List<Bucket> buckets() {
                    List<Bucket> all = new ArrayList<>(view.buckets());
                    Collections.reverse(all);
                    return all;
                  }
                });
    assertCaught(reversed, Rules::bucketsAreListedInOrderAndCannotBeChanged);
  }

  @Test
  void aCloseThatIsNotIdempotent() throws Throwable {
    assertCaught(Bugs.closesOnce(), Rules::aClosedViewAndItsCursorsThrowClosed);
  }

  @Test
  void aBackendThatWorksAfterItsClose() throws Throwable {
    Engine immortal =
        Bugs.ofBackends(
            backend ->
                new Delegates.OfBackend(backend) {
                  @Override
                  public BackendStats stats() {
                    try {
                      return backend.stats();
                    } catch (StorageException closed) {
                      return new BackendStats("id", 0, 0, 0, 0, 0, 0, 0);
                    }
                  }
                });
    assertCaught(immortal, Rules::everythingThrowsClosedAfterTheBackendIsClosed);
  }

  @Test
  void limitsThatAreTooLow() throws Throwable {
    Engine low =
        Bugs.ofBackends(
            backend ->
                new Delegates.OfBackend(backend) {
                  @Override
                  public void commit(Batch batch) {
                    new Limits(254, 510, (8 << 20) - 1, 1_023, 1L << 30).check(batch);
                    backend.commit(batch);
                  }
                });
    assertCaught(low, Rules::bucketNamesAreLong);
    assertCaught(low, Rules::keysAreOneToFiveHundredElevenBytes);
    assertCaught(low, Rules::valuesAreUpToEightMebibytes);
  }

  @Test
  void accessThatIsNotKept() throws Throwable {
    assertCaught(
        Bugs.ofConfigs(config -> config.withAccess(Access.READ_WRITE_CREATE)),
        Rules::anAbsentStoreIsMadeOnlyWhenAskedTo);
    assertCaught(
        Bugs.ofConfigs(config -> config.withAccess(Access.READ_WRITE_CREATE)),
        Rules::readOnlyReadsAndRefusesChanges);
    assertCaught(
        Bugs.ofConfigs(config -> BackendConfig.defaults().withAccess(config.access())),
        Rules::anUnknownOptionIsRefusedAndTheValidOnesAreNamed);
  }

  @Test
  void pinsWithoutBounds() throws Throwable {
    Engine unbounded =
        Bugs.ofConfigs(config -> config.withPinnedBytesMax(1L << 40).withPinMillisMax(1L << 40));
    assertCaught(unbounded, Rules::aViewThatPinsTooMuchIsRevoked);
    assertCaught(unbounded, Rules::aStreamThatPinsTooMuchIsRevoked);
  }

  @Test
  void anOpenThatRepairsJunk() throws Throwable {
    Engine eager =
        new Delegates.OfEngine() {
          @Override
          public Backend open(Path store, BackendConfig config) {
            if (LocalDisk.INSTANCE.exists(store)) {
              try (DiskFile file = LocalDisk.INSTANCE.open(store, Disk.Mode.READ_WRITE)) {
                file.setLength(Math.max(36, file.sizeBytes()));
              }
            }
            return engine.open(store, config);
          }
        };
    assertCaught(eager, Rules::junkIsRefusedByNameAndLeftAsItIs);
  }

  @Test
  void recognisingTooMuchOrThrowing() throws Throwable {
    assertCaught(recognizing(true), Rules::junkIsNotRecognised);
    assertCaught(recognizing(false), Rules::recognisingNeverThrows);
  }

  private static Engine recognizing(boolean everything) {
    return new Delegates.OfEngine() {
      @Override
      public boolean recognizes(HeadReader head) {
        if (!everything && head.sizeBytes() < 8) {
          throw new IndexOutOfBoundsException("short");
        }
        return everything || engine.recognizes(head);
      }
    };
  }

  @Test
  void locksThatDoNotLock() throws Throwable {
    Engine unlocked =
        new Delegates.OfEngine() {
          @Override
          public Backend open(Path store, BackendConfig config) {
            // Another name of the same file, as an engine that locks by path has it.
            Path renamed = store.resolveSibling("copy" + System.nanoTime());
            return engine.open(LocalDisk.INSTANCE.exists(store) ? renamed : store, config);
          }
        };
    assertCaught(unlocked, Rules::aSecondOpenerInThisProcessIsRefused);
    assertCaught(unlocked, Rules::aSecondOpenerThroughASymbolicLinkIsRefused);
    assertCaught(unlocked, Rules::contentSurvivesManyReopens);
  }

  @Test
  void snapshotsOfTheWrongInstant() throws Throwable {
    assertCaught(Bugs.streamsTheNewest(), Rules::theImageIsOfTheInstantOfTheSnapshot);
  }

  @Test
  void aSizeThatIsOff() throws Throwable {
    Engine off =
        Bugs.ofSnapshots(
            snapshot ->
                new Delegates.OfSnapshot(snapshot) {
                  @Override
                  public long size() {
                    return snapshot.size() + 512;
                  }
                });
    assertCaught(off, Rules::theSizeIsExactAndAMultipleOf512);
  }

  @Test
  void failuresOfTheSinkThatAreWrapped() throws Throwable {
    Engine wrapping =
        Bugs.ofSnapshots(
            snapshot ->
                new Delegates.OfSnapshot(snapshot) {
                  @Override
                  public void writeTo(WritableByteChannel out) throws IOException {
                    try {
                      snapshot.writeTo(out);
                    } catch (IOException e) {
                      throw new IOException("wrapped", e);
                    }
                  }
                });
    assertCaught(wrapping, Rules::whatTheSinkThrowsPassesUnchanged);
  }

  @Test
  void aStreamThatGoesOnAfterAClose() throws Throwable {
    Engine deaf =
        Bugs.ofSnapshots(
            snapshot ->
                new Delegates.OfSnapshot(snapshot) {
                  @Override
                  public void close() {}
                });
    assertCaught(deaf, Rules::closingASnapshotBreaksItsStreamOff);
  }

  @Test
  void anInstallThatLeavesSomething() throws Throwable {
    Engine untidy =
        new Delegates.OfEngine() {
          @Override
          public void install(ReadableByteChannel image, long imageSizeBytes, Path store) {
            Path part = store.resolveSibling("left");
            LocalDisk.INSTANCE.open(part, Disk.Mode.CREATE).close();
            engine.install(image, imageSizeBytes, store);
            LocalDisk.INSTANCE.delete(part);
          }
        };
    assertCaught(untidy, Rules::aTruncatedImageLeavesNothing);
    assertCaught(untidy, Rules::aChannelThatFailsLeavesNothing);
  }

  @Test
  void figuresThatAreWrong() throws Throwable {
    Engine silent =
        Bugs.ofBackends(
            backend ->
                new Delegates.OfBackend(backend) {
                  @Override
                  public BackendStats stats() {
                    BackendStats stats = backend.stats();
                    return new BackendStats("same", stats.fileBytes() - 1, 0, 0, 0, 0, 0, 1);
                  }
                });
    assertCaught(silent, Rules::theFileHasTheLengthItHas);
    assertCaught(silent, Rules::commitsAreCounted);
    assertCaught(silent, Rules::pinsAreCounted);
    assertCaught(silent, Rules::whatPinsKeepIsCounted);
    assertCaught(silent, Rules::theStoreIdIsKeptByAReopenAndIsEachStoresOwn);
  }

  @Test
  void viewsThatNeedTheirThread() throws Throwable {
    Engine bound =
        Bugs.ofViews(
            view ->
                new Delegates.OfView(view) {
                  private final Thread opener = Thread.currentThread();

                  @Override
                  public List<Bucket> buckets() {
                    if (Thread.currentThread() != opener) {
                      throw new IllegalStateException("wrong thread");
                    }
                    return view.buckets();
                  }
                });
    assertCaught(bound, Rules::aViewPassesFromThreadToThread);
  }
}
