package dev.cairn.benchmarks.bbolt;

import dev.cairn.io.LocalDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of the two programs, with the file that it works on. Immutable. */
final class Side {
  private static final String JAVA_HEAP = "-Xmx2g";
  private static final Pattern MEASURED =
      Pattern.compile("\\{\"op\":\"(\\w+)\",\"seconds\":([0-9.]+),\"operations\":(\\d+)}");
  private static final Pattern SUM = Pattern.compile("\"sum\":(-?\\d+)");
  private static final Pattern HASH = Pattern.compile("\"hash\":\"(v1:[0-9a-f]{64})\"");

  /**
   * What a round came to.
   *
   * @param perSecond operations a second of each kind of work, in the order of the work
   * @param hash of what the file holds in the end
   * @param sum of what was read
   */
  record Round(Map<String, Double> perSecond, String hash, String sum) {}

  private final List<String> program;
  private final Path file;
  private final Workload work;

  private Side(List<String> program, Path file, Workload work) {
    this.program = program;
    this.file = file;
    this.work = work;
  }

  static Side ours(Path file, Workload work) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    return new Side(
        List.of(java, JAVA_HEAP, "-cp", classPath, BboltWork.class.getName()), file, work);
  }

  static Side theirs(Path program, Path file, Workload work) {
    return new Side(List.of(program.toString()), file, work);
  }

  /** Writes the file anew, then reads it, in a process each. */
  Round round() {
    deleteFile();
    Map<String, Double> perSecond = new LinkedHashMap<>();
    measured(run("write", file), perSecond);
    String reads = run("read", file);
    measured(reads, perSecond);
    return new Round(perSecond, found(HASH, reads), found(SUM, reads));
  }

  /** The content hash of a file, be it the other side's. */
  String hash(Path anyFile) {
    return found(HASH, run("hash", anyFile));
  }

  Path file() {
    return file;
  }

  void deleteFile() {
    LocalDisk.INSTANCE.delete(file);
  }

  private String run(String what, Path on) {
    List<String> command = new ArrayList<>(program);
    command.add(on.toString());
    command.add(Long.toString(work.keys()));
    command.add(Integer.toString(work.valueBytes()));
    command.add(what);
    return WorkProcess.run(
        file.toAbsolutePath().getParent(), Map.of(), command.toArray(String[]::new));
  }

  private static void measured(String output, Map<String, Double> perSecond) {
    Matcher line = MEASURED.matcher(output);
    while (line.find()) {
      double seconds = Double.parseDouble(line.group(2));
      perSecond.put(line.group(1), Double.parseDouble(line.group(3)) / Math.max(1e-6, seconds));
    }
  }

  private static String found(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in: " + output);
    }
    return matcher.group(1);
  }
}
