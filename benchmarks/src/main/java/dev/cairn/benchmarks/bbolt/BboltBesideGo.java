package dev.cairn.benchmarks.bbolt;

import dev.cairn.io.LocalDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The bbolt engine beside Go's bbolt: both do the same work in turn, each round in processes of
 * their own, so that what else the machine does falls on both.
 *
 * <p>Keys have 16 bytes, values 100. Both work with their defaults: commits are synced, and the
 * freelist is stored. The start of a process is not measured, and writes are warmed up on another
 * file first, three times with up to 100,000 keys. Our heap may take 2 GiB, of which 256 MiB are
 * the cache of pages; bbolt maps the file. The kinds of work, in their order:
 *
 * <ul>
 *   <li>{@code put1000}: all keys in their order, a thousand a commit
 *   <li>{@code put1000random}: new values for a tenth as many keys anywhere, a thousand a commit
 *   <li>{@code put1}: new values for 1,000 keys anywhere, one a commit
 *   <li>{@code delete1000}, {@code delete1}: as many keys anywhere
 *   <li>{@code scanCold}: all entries, first thing in a new process
 *   <li>{@code scan}: all entries, three times, after eleven scans
 *   <li>{@code get}: as many keys as there were at first, anywhere, after as many gets
 * </ul>
 */
public final class BboltBesideGo {
  private static final int VALUE_BYTES = 100;
  private static final int KEYS_MIN = 1_000;

  /**
   * One kind of work.
   *
   * @param operation its name
   * @param ours operations a second of the bbolt engine, the median of all rounds
   * @param theirs the same of bbolt
   * @param ratioMin ours by theirs, where that was least in a round
   * @param ratioMedian the median of all rounds
   * @param ratioMax where it was most
   */
  public record Row(
      String operation,
      double ours,
      double theirs,
      double ratioMin,
      double ratioMedian,
      double ratioMax) {}

  private BboltBesideGo() {}

  /**
   * Prints the rows.
   *
   * @param args a folder to work in, the number of keys, the number of rounds
   */
  public static void main(String[] args) {
    if (args.length != 3) {
      throw new IllegalArgumentException("usage: FOLDER KEYS ROUNDS");
    }
    List<Row> rows = run(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    for (Row row : rows) {
      System.out.printf(
          Locale.ROOT,
          "%-14s ours %,12.0f/s  bbolt %,12.0f/s  ratio %.2f (%.2f to %.2f)%n",
          row.operation(),
          row.ours(),
          row.theirs(),
          row.ratioMedian(),
          row.ratioMin(),
          row.ratioMax());
    }
  }

  /**
   * Runs both sides in turn. Where Go or bbolt's sources are not installed it says so and runs
   * nothing.
   *
   * @param folder an existing folder for two files of about 200 bytes a key, which are gone after
   *     it
   * @param keys how many, 1,000 or more
   * @param rounds how often, 1 or more
   * @return a row for each kind of work, in the order of the work; none where bbolt is not there
   * @throws IllegalStateException when a side fails, or when the two do not end with the same
   *     content, so that figures would compare different work
   */
  public static List<Row> run(Path folder, int keys, int rounds) {
    if (keys < KEYS_MIN || rounds < 1) {
      throw new IllegalArgumentException("at least 1,000 keys and 1 round");
    }
    Optional<Path> go = GoProgram.go();
    if (go.isEmpty()) {
      System.out.println(
          "bbolt itself is not compared: no go, or no golang-github-coreos-bbolt-dev");
      return List.of();
    }
    Path program = GoProgram.build(go.get(), folder);
    Workload work = new Workload(keys, VALUE_BYTES);
    Side ours = Side.ours(folder.resolve("ours.db"), work);
    Side theirs = Side.theirs(program, folder.resolve("theirs.db"), work);
    try {
      return run(ours, theirs, rounds);
    } finally {
      ours.deleteFile();
      theirs.deleteFile();
      LocalDisk.INSTANCE.delete(program);
    }
  }

  private static List<Row> run(Side ours, Side theirs, int rounds) {
    Map<String, List<double[]>> measured = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      Side.Round our = ours.round();
      Side.Round their = theirs.round();
      checkSame(our, their);
      our.perSecond()
          .forEach(
              (operation, perSecond) ->
                  measured
                      .computeIfAbsent(operation, absent -> new ArrayList<>())
                      .add(new double[] {perSecond, their.perSecond().get(operation)}));
    }
    checkFiles(ours, theirs);
    List<Row> rows = new ArrayList<>();
    measured.forEach((operation, pairs) -> rows.add(row(operation, pairs)));
    return rows;
  }

  private static void checkSame(Side.Round our, Side.Round their) {
    if (!our.hash().equals(their.hash())
        || !our.sum().equals(their.sum())
        || !our.perSecond().keySet().equals(their.perSecond().keySet())) {
      throw new IllegalStateException("not the same work: " + our + " and " + their);
    }
  }

  /** Each reads the file of the other as that one does. */
  private static void checkFiles(Side ours, Side theirs) {
    String our = theirs.hash(ours.file());
    String their = ours.hash(theirs.file());
    if (!our.equals(their)) {
      throw new IllegalStateException("read by the other side: " + our + " and " + their);
    }
  }

  private static Row row(String operation, List<double[]> pairs) {
    double[] ratios = pairs.stream().mapToDouble(pair -> pair[0] / pair[1]).sorted().toArray();
    return new Row(
        operation,
        median(pairs.stream().mapToDouble(pair -> pair[0]).sorted().toArray()),
        median(pairs.stream().mapToDouble(pair -> pair[1]).sorted().toArray()),
        ratios[0],
        median(ratios),
        ratios[ratios.length - 1]);
  }

  private static double median(double[] sorted) {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
