package dev.cairn.gate;

import dev.cairn.io.Disk;
import dev.cairn.spi.Engine;
import dev.cairn.testkit.HeapEngine;
import java.lang.reflect.Constructor;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The engines whose files are all on a disk that can be simulated. */
final class SimulatedEngines {
  private SimulatedEngines() {}

  /** By name; an engine's constructor with a disk is not for applications, so it is not public. */
  static Map<String, Function<Disk, Engine>> all() {
    Map<String, Function<Disk, Engine>> engines = new TreeMap<>();
    engines.put("heap", HeapEngine::new);
    engines.put("bbolt", disk -> make("dev.cairn.engine.bbolt.BboltEngine", disk));
    engines.put("h2", disk -> make("dev.cairn.engine.h2.H2Engine", disk));
    engines.put("mapdb", disk -> make("dev.cairn.engine.mapdb.MapDbEngine", disk));
    return engines;
  }

  private static Engine make(String type, Disk disk) {
    try {
      Constructor<?> constructor = Class.forName(type).getDeclaredConstructor(Disk.class);
      constructor.setAccessible(true);
      return (Engine) constructor.newInstance(disk);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(type + " cannot be made on a simulated disk", e);
    }
  }
}
