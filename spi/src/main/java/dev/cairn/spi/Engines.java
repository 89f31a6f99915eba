package dev.cairn.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds engines on the class path. Each call looks anew; nothing is kept. */
public final class Engines {
  private Engines() {}

  /**
   * Every engine on the class path.
   *
   * @return in the order of their names
   * @throws StorageException {@code exists} when two engines have one name
   */
  public static List<Engine> all() {
    Map<String, Engine> byName = new TreeMap<>();
    for (Engine engine : ServiceLoader.load(Engine.class, loader())) {
      Engine other = byName.put(engine.info().name(), engine);
      if (other != null) {
        throw StorageException.of(
            StorageException.Code.EXISTS,
            "two engines are named \"%s\": %s and %s; take one off the class path"
                .formatted(
                    engine.info().name(), other.getClass().getName(), engine.getClass().getName()));
      }
    }
    return List.copyOf(byName.values());
  }

  /**
   * The engine of a name.
   *
   * @param name as in {@link EngineInfo#name()}
   * @return the engine
   * @throws StorageException {@code not-found}, naming those that are there
   */
  public static Engine named(String name) {
    List<Engine> engines = all();
    for (Engine engine : engines) {
      if (engine.info().name().equals(name)) {
        return engine;
      }
    }
    String there =
        engines.stream().map(engine -> engine.info().name()).collect(Collectors.joining(", "));
    throw StorageException.of(
        StorageException.Code.NOT_FOUND,
        "no engine \"%s\"; on the class path: %s"
            .formatted(name, there.isEmpty() ? "none" : there));
  }

  /**
   * The engine that a file belongs to.
   *
   * @param head the file
   * @return the engine, or empty when none recognises it
   * @throws StorageException {@code corrupt} when more than one recognises it
   */
  public static Optional<Engine> recognizing(HeadReader head) {
    List<Engine> found = new ArrayList<>();
    for (Engine engine : all()) {
      if (engine.recognizes(head)) {
        found.add(engine);
      }
    }
    if (found.size() > 1) {
      throw StorageException.of(
          StorageException.Code.CORRUPT,
          "both %s and %s recognise this file; name the engine"
              .formatted(found.get(0).info().name(), found.get(1).info().name()));
    }
    return found.stream().findFirst();
  }

  private static ClassLoader loader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? Engines.class.getClassLoader() : context;
  }
}
