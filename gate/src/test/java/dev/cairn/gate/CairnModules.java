package dev.cairn.gate;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The byte code of every module on the gate's class path, told apart by the folder it was built in.
 */
final class CairnModules {
  private static final Pattern JAR = Pattern.compile("/cairn-([a-z0-9-]+?)-[0-9][^/]*\\.jar");
  private static final Pattern FOLDER = Pattern.compile("/([^/]+)/target/");

  /** Who may use whom: the arrows of ARCHITECTURE.md. */
  static final Map<String, Set<String>> MAY_USE = new TreeMap<>();

  static {
    allow("spi");
    allow("etcd-proto");
    allow("io", "spi");
    allow("engine-support", "spi", "io");
    allow("spi-testkit", "spi", "io", "engine-support");
    allow("bbolt-format", "spi", "io", "engine-support");
    allow("engine-lmdb", "spi", "io", "engine-support");
    allow("engine-mapdb", "spi", "io", "engine-support");
    allow("engine-h2", "spi", "io", "engine-support");
    allow("engine-bbolt", "spi", "io", "engine-support", "bbolt-format");
    allow("store", "spi", "io");
    allow("snapshot-core", "spi", "io", "store", "bbolt-format", "etcd-proto");
    allow("snapshot-grpc", "spi", "io", "store", "snapshot-core", "etcd-proto");
    allow("snapshot-http", "spi", "store", "snapshot-core", "etcd-proto", "snapshot-grpc");
    allow(
        "cli",
        "spi",
        "io",
        "store",
        "bbolt-format",
        "snapshot-core",
        "snapshot-grpc",
        "snapshot-http");
  }

  private CairnModules() {}

  private static void allow(String module, String... used) {
    MAY_USE.put(module, new TreeSet<>(Arrays.asList(used)));
  }

  static JavaClasses mainClasses() {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages("dev.cairn");
  }

  /** The folder of the module a class belongs to; empty for a class that is not ours. */
  static Optional<String> moduleOf(JavaClass javaClass) {
    return javaClass
        .getSource()
        .map(source -> source.getUri().toString())
        .flatMap(uri -> module(uri));
  }

  /** The jars of the command stand in a folder of its own, so a jar is told by its name. */
  private static Optional<String> module(String uri) {
    return Stream.of(JAR, FOLDER)
        .map(pattern -> pattern.matcher(uri))
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .findFirst();
  }
}
