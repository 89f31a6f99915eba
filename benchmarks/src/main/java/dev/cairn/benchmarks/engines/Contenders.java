package dev.cairn.benchmarks.engines;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The contenders by name. */
public final class Contenders {
  private static final List<String> ALWAYS =
      List.of("lmdb", "lmdb-raw", "h2", "h2-raw", "mapdb", "mapdb-raw", "mapdb-stock", "bbolt");

  /** Compiled by the profile of the same name alone, and so known here by its name alone. */
  private static final String ROCKSDB = "rocksdb";

  private static final String ROCKSDB_CLASS = "dev.cairn.benchmarks.engines.RocksDb";
  private static final String ROCKSDB_LIBRARY = "org.rocksdb.RocksDB";

  private Contenders() {}

  /**
   * Those that are there in this build.
   *
   * @return their names; with the profile {@code rocksdb} that one too
   */
  public static List<String> names() {
    List<String> names = new ArrayList<>(ALWAYS);
    if (isRocksDbThere()) {
      names.add(ROCKSDB);
    }
    return names;
  }

  /** What an earlier build compiled may be left where its library is not. */
  private static boolean isRocksDbThere() {
    ClassLoader loader = Contenders.class.getClassLoader();
    try {
      Class.forName(ROCKSDB_LIBRARY, false, loader);
      Class.forName(ROCKSDB_CLASS, false, loader);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Opens one, empty where its file is absent.
   *
   * @param file in a folder of its own; some make a folder of it, or files beside it
   * @param valueBytes of every value that it will hold; the same at every opening
   */
  static Contender open(String name, Path file, int valueBytes) {
    switch (name) {
      case "lmdb-raw":
        return new RawLmdb(file);
      case "h2-raw":
        return new RawH2(file);
      case "mapdb-raw":
        return RawMapDb.journaled(file, valueBytes);
      case "mapdb-stock":
        return RawMapDb.stock(file, valueBytes);
      case ROCKSDB:
        return rocksDb(file);
      default:
        return new StoreContender(name, file);
    }
  }

  private static Contender rocksDb(Path file) {
    try {
      return (Contender)
          Class.forName(ROCKSDB_CLASS).getDeclaredConstructor(Path.class).newInstance(file);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("RocksDB cannot be opened: " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("build with -Procksdb for this contender", e);
    }
  }
}
