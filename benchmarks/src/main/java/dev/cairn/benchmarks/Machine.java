package dev.cairn.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What figures depend on, as far as a program can tell. */
final class Machine {
  private Machine() {}

  static Map<String, String> about(String commit) throws IOException, InterruptedException {
    Map<String, String> about = new TreeMap<>();
    about.put("commit", commit);
    about.put("processor", first(Path.of("/proc/cpuinfo"), "model name"));
    about.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    about.put("memory", first(Path.of("/proc/meminfo"), "MemTotal"));
    about.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    about.put("java", System.getProperty("java.vm.version"));
    FileStore disk = Files.getFileStore(Path.of(System.getProperty("java.io.tmpdir")));
    about.put("file system", disk.type());
    about.put("etcd", says("etcd", "--version").replace("etcd Version: ", ""));
    about.put("go", says("go", "version").replace("go version ", ""));
    return about;
  }

  private static String first(Path file, String name) throws IOException {
    if (!Files.isReadable(file)) {
      return "not known";
    }
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse("not known");
    }
  }

  /** The first line that a program prints. */
  private static String says(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return out.lines().findFirst().orElse("");
    } catch (IOException notThere) {
      return "none";
    }
  }
}
