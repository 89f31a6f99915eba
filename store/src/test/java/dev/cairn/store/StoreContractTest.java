package dev.cairn.store;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.BackendContract;
import dev.cairn.testkit.Interrupts;
import dev.cairn.testkit.SnapshotUnderWrite;
import org.junit.jupiter.api.Nested;

/** A store, most of it pending, keeps the contract that a backend keeps. */
class StoreContractTest {
  /**
   * A revoked view goes on answering what pending writes alone can answer, so the tests that ask
   * just for that are not run; {@link StoreTest} has one that asks for more. Nor is a store moved
   * aside while it is open: it does that to the backends beneath it.
   */
  @Nested
  class Contract extends BackendContract {
    @Override
    protected Engine engine() {
      return new StoreEngine();
    }

    public void aViewThatIsOpenTooLongIsRevoked() {}

    public void aViewThatPinsTooMuchIsRevoked() {}

    public void theOldestIsRevokedFirst() {}

    public void anOpenStoreIsMovedAsideAndAnotherTakesItsName() {}
  }

  @Nested
  class Snapshots extends SnapshotUnderWrite {
    @Override
    protected Engine engine() {
      return new StoreEngine();
    }
  }

  @Nested
  class Interruptions extends Interrupts {
    @Override
    protected Engine engine() {
      return new StoreEngine();
    }
  }
}
