package dev.cairn.testkit;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import dev.cairn.spi.EngineInfo;
import dev.cairn.spi.HeadReader;
import dev.cairn.spi.ReadView;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Any engine, with its users watched. For tests of code <em>above</em> the SPI: it is stricter than
 * the contract, and fails with an {@link AssertionError} where that code
 *
 * <ul>
 *   <li>closes a backend while a view, cursor or snapshot of it is open, or leaves something open
 *       until {@link #assertNothingOpen()}; the cause is the stack that opened it;
 *   <li>uses a view, with its cursors, from two threads at once.
 * </ul>
 *
 * Buffers that a cursor or an image hands out are copies that are overwritten the moment they are
 * dead, so that whoever uses one reads garbage. Thread-safe as the engine beneath.
 */
public final class StrictEngine implements Engine {
  private final Engine engine;
  private final Handles handles = new Handles();

  /**
   * Watches the users of an engine.
   *
   * @param engine does the work
   */
  public StrictEngine(Engine engine) {
    this.engine = engine;
  }

  /**
   * Fails when a backend, view, cursor or snapshot of this engine is open.
   *
   * @throws AssertionError with the stack that opened it as its cause
   */
  public void assertNothingOpen() {
    handles.assertNone();
  }

  @Override
  public EngineInfo info() {
    return engine.info();
  }

  @Override
  public boolean recognizes(HeadReader head) {
    return engine.recognizes(head);
  }

  @Override
  public Backend open(Path store, BackendConfig config) {
    return new StrictBackend(
        engine.open(store, config), handles, handles.opened("backend " + store, null));
  }

  @Override
  public ReadView openImage(Path image, long imageSizeBytes) {
    return new StrictView(
        engine.openImage(image, imageSizeBytes), handles, handles.opened("image " + image, null));
  }

  @Override
  public void install(ReadableByteChannel image, long imageSizeBytes, Path store) {
    engine.install(image, imageSizeBytes, store);
  }

  @Override
  public List<Path> files(Path store) {
    return engine.files(store);
  }
}
