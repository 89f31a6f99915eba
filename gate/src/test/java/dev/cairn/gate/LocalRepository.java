package dev.cairn.gate;

import dev.cairn.engine.support.BackendBase;
import dev.cairn.io.Disk;
import dev.cairn.spi.Engine;
import dev.cairn.testkit.BackendContract;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A local Maven repository with this build's artifacts for engine authors, as {@code mvn install}
 * would lay them out, and settings that take everything else from the repository of the running
 * build, and nothing from a network.
 */
final class LocalRepository {
  private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");

  /** The folder of each module, and a class that tells where it was built. */
  private static final Map<String, Class<?>> MODULES =
      new TreeMap<>(
          Map.of(
              "spi", Engine.class,
              "io", Disk.class,
              "engine-support", BackendBase.class,
              "spi-testkit", BackendContract.class));

  private final Path folder;
  private final Path checkout = Processes.checkout();
  private final String version;

  private LocalRepository(Path folder) throws IOException {
    this.folder = folder;
    Matcher found = VERSION.matcher(Files.readString(checkout.resolve("bom/pom.xml")));
    if (!found.find()) {
      throw new AssertionError("bom/pom.xml names no version");
    }
    version = found.group(1);
  }

  /** Makes the repository in an empty folder. */
  static LocalRepository in(Path folder) throws IOException {
    LocalRepository repository = new LocalRepository(folder);
    repository.addPom("parent", repository.checkout.resolve("pom.xml"));
    repository.addPom("bom", repository.checkout.resolve("bom/pom.xml"));
    for (Map.Entry<String, Class<?>> module : MODULES.entrySet()) {
      repository.addPom(
          module.getKey(), repository.checkout.resolve(module.getKey()).resolve("pom.xml"));
      repository.addJar(module.getKey(), module.getValue());
    }
    return repository;
  }

  private Path place(String module, String extension) throws IOException {
    String artifact = "cairn-" + module;
    Path directory = folder.resolve("dev/cairn").resolve(artifact).resolve(version);
    Files.createDirectories(directory);
    return directory.resolve(artifact + "-" + version + extension);
  }

  private void addPom(String module, Path pom) throws IOException {
    Files.copy(pom, place(module, ".pom"), StandardCopyOption.REPLACE_EXISTING);
  }

  /** A build that stops before it packs has only the folder of the classes. */
  private void addJar(String module, Class<?> type) throws IOException {
    Path built =
        Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
    Path jar = place(module, ".jar");
    if (Files.isDirectory(built)) {
      pack(built, jar);
    } else {
      Files.copy(built, jar, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, entries);
        entries.closeEntry();
      }
    }
  }

  /** What a Maven process has to be told so that it works with this repository alone. */
  List<String> options() throws IOException {
    Path settings = folder.resolveSibling("settings.xml");
    Files.writeString(settings, settings());
    return List.of(
        "-s", settings.toString(), "-gs", settings.toString(), "-Dmaven.repo.local=" + folder);
  }

  private static String settings() {
    // Surefire tells its JVM which repository the build works with.
    String other =
        System.getProperty("localRepository", System.getProperty("user.home") + "/.m2/repository");
    return """
    <settings>
      <mirrors>
        <mirror>
          <id>running-build</id>
          <mirrorOf>*</mirrorOf>
          <url>%s</url>
        </mirror>
      </mirrors>
    </settings>
    """
        .formatted(Path.of(other).toUri());
  }
}
