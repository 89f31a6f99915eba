package dev.cairn.engine.h2;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.Engine;
import dev.cairn.testkit.RandomHistories;

/** Space is given out again only at syncs, and pages are moved as often as can be. */
class H2RelaxedHistoriesTest extends RandomHistories {
  @Override
  protected Engine engine() {
    return new H2Engine();
  }

  @Override
  protected BackendConfig config() {
    return Stores.CONFIG.withDurability(Durability.RELAXED).withOption("h2.slackBytes", "1");
  }
}
