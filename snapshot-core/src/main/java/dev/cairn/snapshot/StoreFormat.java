package dev.cairn.snapshot;

import dev.cairn.spi.Engine;
import dev.cairn.spi.Engines;
import dev.cairn.spi.StorageException;

/**
 * What kind of store file is made from a snapshot: an engine's, or an etcd image, which is a bbolt
 * file that etcd opens as its database. Immutable.
 */
public final class StoreFormat {
  private static final String BBOLT = "bbolt";

  private final String name;
  private final StoreBuilder builder;

  private StoreFormat(String name, StoreBuilder builder) {
    this.name = name;
    this.builder = builder;
  }

  /**
   * A store of an engine.
   *
   * @param engine makes it
   * @return the format
   */
  public static StoreFormat engine(Engine engine) {
    return new StoreFormat(engine.info().name(), new EngineStoreBuilder(engine));
  }

  /**
   * An etcd image.
   *
   * @return the format
   */
  public static StoreFormat etcd() {
    return new StoreFormat(EtcdFormat.NAME, new EtcdStoreBuilder());
  }

  /**
   * The format of a name as a person gives it.
   *
   * @param name {@code etcd} or {@code bbolt}, which both give an etcd image, as a bbolt store is
   *     nothing else; or an engine on the class path
   * @return the format
   * @throws StorageException {@code not-found}, naming the engines that are there
   */
  public static StoreFormat named(String name) {
    if (name.equals(EtcdFormat.NAME)) {
      return etcd();
    }
    return name.equals(BBOLT)
        ? new StoreFormat(BBOLT, new EtcdStoreBuilder())
        : engine(Engines.named(name));
  }

  /**
   * Its name.
   *
   * @return {@code etcd}, {@code bbolt} or the engine's name
   */
  public String name() {
    return name;
  }

  StoreBuilder builder() {
    return builder;
  }
}
