package dev.cairn.benchmarks.scenarios;

import dev.cairn.benchmarks.WorkFolder;
import dev.cairn.benchmarks.bbolt.BboltBesideGo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The scenarios by name. Each works in a folder of its own that is gone in the end. */
public final class Scenarios {
  /** In the order in which all of them are run. */
  public static final List<String> NAMES = List.of("save", "restore", "latency", "bbolt");

  private static final int BBOLT_ENTRY_BYTES = 116;
  private static final List<String> ENGINES = List.of("lmdb", "mapdb", "h2", "bbolt");

  private final Checkout checkout;
  private final Plan plan;

  /**
   * Scenarios of a checkout whose command is built.
   *
   * @param checkout its root
   * @param plan how much to do
   */
  public Scenarios(Path checkout, Plan plan) {
    this.checkout = new Checkout(checkout);
    this.plan = plan;
  }

  /**
   * Runs one of them, and prints each figure as it comes.
   *
   * @param name one of {@link #NAMES}
   * @return what was seen
   * @throws IOException when a program fails
   * @throws InterruptedException when interrupted while a program runs
   */
  public List<Figure> run(String name) throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    switch (name) {
      case "save":
      case "restore":
        for (int mebibytes : plan.mebibytes()) {
          figures.addAll(told(besideEtcd(name, mebibytes)));
        }
        break;
      case "latency":
        for (String engine : ENGINES) {
          figures.addAll(told(latency(engine)));
        }
        break;
      case "bbolt":
        figures.addAll(told(besideBbolt()));
        break;
      default:
        throw new IllegalArgumentException("no scenario " + name + "; there are " + NAMES);
    }
    return figures;
  }

  private List<Figure> besideEtcd(String name, int mebibytes)
      throws IOException, InterruptedException {
    try (WorkFolder work = new WorkFolder()) {
      Path folder = work.path();
      Content content = new Content(checkout, folder, mebibytes);
      return name.equals("save")
          ? new SaveBesideEtcd(checkout, folder, mebibytes, content).run(plan.rounds(mebibytes))
          : new RestoreBesideEtcd(checkout, folder, mebibytes, content).run(plan.rounds(mebibytes));
    }
  }

  private List<Figure> latency(String engine) throws IOException, InterruptedException {
    try (WorkFolder work = new WorkFolder()) {
      return new WriteLatency(checkout, work.path(), plan.latencyMebibytes(), plan.latencySeconds())
          .run(engine, plan.rounds());
    }
  }

  /** As one figure for each operation: the rounds are in it already. */
  private List<Figure> besideBbolt() {
    int mebibytes = (int) ((long) plan.bboltKeys() * BBOLT_ENTRY_BYTES >> 20);
    try (WorkFolder work = new WorkFolder()) {
      return BboltBesideGo.run(work.path(), plan.bboltKeys(), plan.bboltRounds()).stream()
          .map(row -> figure(row, mebibytes))
          .collect(Collectors.toList());
    }
  }

  private static Figure figure(BboltBesideGo.Row row, int mebibytes) {
    return new Figure(
        "bbolt",
        row.operation(),
        mebibytes,
        0,
        Map.of(
            "ours", row.ours(),
            "theirs", row.theirs(),
            "ratioMin", row.ratioMin(),
            "ratioMedian", row.ratioMedian(),
            "ratioMax", row.ratioMax()));
  }

  private static List<Figure> told(List<Figure> figures) {
    figures.forEach(System.out::println);
    return figures;
  }
}
