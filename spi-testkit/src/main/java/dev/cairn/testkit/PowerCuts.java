package dev.cairn.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Cuts the power at every operation of a workload and checks what is left, and shows that each sync
 * of the code under test is needed.
 *
 * <p>The workload runs once on a {@link SimulatedDisk}; before each of its operations the disk is
 * kept, with what was acknowledged so far. Each of these moments is then turned into several of the
 * states that a cut there may leave, and the checker looks at each. Workloads of up to some
 * thousand operations are fine.
 *
 * <p>Immutable; every {@code with} returns a changed copy. The workload is best deterministic, so
 * that a seed replays its failure.
 *
 * @param <A> what a workload acknowledges
 */
public final class PowerCuts<A> {
  private static final int STATES_TO_CONVICT = 40;

  /**
   * What runs until the power is cut.
   *
   * @param <A> what it acknowledges
   */
  @FunctionalInterface
  public interface Workload<A> {
    /**
     * Uses the disk, and closes what it opened on it.
     *
     * @param disk as it was prepared
     * @param acknowledge is told whatever the checker must know: what is promised to be durable,
     *     what was begun
     * @throws Exception fails the test
     */
    void run(SimulatedDisk disk, Consumer<A> acknowledge) throws Exception;
  }

  /**
   * Looks at what a cut has left.
   *
   * @param <A> what was acknowledged
   */
  @FunctionalInterface
  public interface Checker<A> {
    /**
     * Passes or throws.
     *
     * @param disk one state that the cut may leave; may be changed
     * @param acknowledged everything acknowledged before the cut, in order
     * @throws Exception when a promise is broken, as an {@link AssertionError} is
     */
    void check(SimulatedDisk disk, List<A> acknowledged) throws Exception;
  }

  /** Something done to a disk. */
  @FunctionalInterface
  public interface Step {
    /**
     * Does it.
     *
     * @param disk to which one
     * @throws Exception fails the test
     */
    void run(SimulatedDisk disk) throws Exception;
  }

  /** The disk before an operation, or after the last one. */
  private record Moment<A>(SimulatedDisk disk, List<A> acknowledged, String before) {}

  private final String name;
  private final long seed;
  private final Workload<A> workload;
  private final Checker<A> checker;
  private final Step preparation;
  private final Step recovery;
  private final int statesPerCut;
  private final int siteFrames;
  private final Predicate<String> othersSites;

  private PowerCuts(
      String name,
      long seed,
      Workload<A> workload,
      Checker<A> checker,
      Step preparation,
      Step recovery,
      int statesPerCut,
      int siteFrames,
      Predicate<String> othersSites) {
    this.othersSites = othersSites;
    this.name = name;
    this.seed = seed;
    this.workload = workload;
    this.checker = checker;
    this.preparation = preparation;
    this.recovery = recovery;
    this.statesPerCut = statesPerCut;
    this.siteFrames = siteFrames;
  }

  /**
   * Cuts of a workload, with 5 states for each, on a disk of only a root, without a recovery.
   *
   * @param name for the report and for failures
   * @param seed from {@link TestRun#seed}
   * @param workload what is cut
   * @param checker what must hold afterwards
   * @param <A> what the workload acknowledges
   * @return to be run
   */
  public static <A> PowerCuts<A> of(
      String name, long seed, Workload<A> workload, Checker<A> checker) {
    return new PowerCuts<>(name, seed, workload, checker, disk -> {}, null, 5, 1, site -> false);
  }

  /**
   * With what stands on the disk before the workload: durable, and never cut.
   *
   * @param newPreparation makes it
   * @return a changed copy
   */
  public PowerCuts<A> withPreparation(Step newPreparation) {
    return new PowerCuts<>(
        name,
        seed,
        workload,
        checker,
        newPreparation,
        recovery,
        statesPerCut,
        siteFrames,
        othersSites);
  }

  /**
   * With a recovery, such as opening and closing a store: it is cut too, at a random operation of
   * each state, and what that leaves must pass the checker as well.
   *
   * @param newRecovery changes nothing of what the checker looks for
   * @return a changed copy
   */
  public PowerCuts<A> withRecovery(Step newRecovery) {
    return new PowerCuts<>(
        name,
        seed,
        workload,
        checker,
        preparation,
        newRecovery,
        statesPerCut,
        siteFrames,
        othersSites);
  }

  /**
   * With another number of states for each cut.
   *
   * @param states at least 1
   * @return a changed copy
   */
  public PowerCuts<A> withStates(int states) {
    return new PowerCuts<>(
        name, seed, workload, checker, preparation, recovery, states, siteFrames, othersSites);
  }

  /**
   * With a longer look at who calls a sync: two calls are of the same site when as many stack
   * frames are the same.
   *
   * @param frames at least 1, the default; more where a helper of the code under test does the sync
   * @return a changed copy
   */
  public PowerCuts<A> withSiteFrames(int frames) {
    return new PowerCuts<>(
        name, seed, workload, checker, preparation, recovery, statesPerCut, frames, othersSites);
  }

  /**
   * The same without a verdict on some syncs, such as those of a part that has a suite of its own.
   *
   * @param sites which places, named as by {@link #syncSites()}
   * @return a changed copy
   */
  public PowerCuts<A> withSitesOfOthers(Predicate<String> sites) {
    return new PowerCuts<>(
        name, seed, workload, checker, preparation, recovery, statesPerCut, siteFrames, sites);
  }

  /**
   * Cuts before every operation and after the last one, checks each state and reports the count.
   *
   * @return how many states were checked
   * @throws AssertionError when one does not pass, with the operation and the draw that led to it
   */
  public long everyOperation() {
    List<Moment<A>> moments = moments(null);
    long checked = 0;
    for (int cut = 0; cut < moments.size(); cut++) {
      for (int state = 0; state < statesPerCut; state++) {
        try {
          checked += check(moments.get(cut), random(cut, state));
        } catch (Throwable violation) {
          throw failure(moments.get(cut), cut, state, violation);
        }
      }
    }
    TestRun.report("power cuts of " + name, checked);
    return checked;
  }

  /**
   * Takes each sync away in turn, by the place in the code that calls it, and demands that a cut
   * then breaks a promise.
   *
   * @return the places, at least one
   * @throws AssertionError naming the places whose sync makes no difference to the checker
   */
  public Set<String> everySyncMatters() {
    return everySyncMatters(List.of(this));
  }

  /**
   * The same with several workloads, for code whose syncs do not all matter in each of them: of the
   * places that were met, each must matter in one. Takes the next workload only as long as there is
   * a place left.
   *
   * @param histories of the same name, at least one
   * @param <A> what they acknowledge
   * @return the places, at least one
   * @throws AssertionError naming the places whose sync makes no difference to any checker
   */
  public static <A> Set<String> everySyncMatters(List<PowerCuts<A>> histories) {
    Set<String> sites = new TreeSet<>();
    Set<String> needless = new TreeSet<>();
    for (PowerCuts<A> each : histories) {
      Set<String> met = new TreeSet<>(each.syncSites().keySet());
      met.removeIf(each.othersSites);
      met.stream().filter(sites::add).forEach(needless::add);
      needless.removeIf(site -> met.contains(site) && each.isConvicted(site));
      if (needless.isEmpty()) {
        break;
      }
    }
    PowerCuts<A> first = histories.get(0);
    if (sites.isEmpty() || !needless.isEmpty()) {
      throw new AssertionError(
          sites.isEmpty()
              ? first.name + " syncs nothing"
              : first.name
                  + ": no cut shows that these syncs are needed: "
                  + needless
                  + first.seedText());
    }
    TestRun.report("syncs taken away from " + first.name, sites.size());
    return sites;
  }

  /**
   * The syncs of the workload, by the place in the code that calls them.
   *
   * @return how many of each place, such as {@code AtomicFile.commit:169}, in the order of names
   */
  public Map<String, Integer> syncSites() {
    Map<String, Integer> sites = new TreeMap<>();
    run(
        disk ->
            disk.listen(
                operation -> {
                  if (operation.isSync()) {
                    sites.merge(DiskOperation.site(siteFrames), 1, Integer::sum);
                  }
                }),
        acknowledged -> {});
    return sites;
  }

  private boolean isConvicted(String withoutSite) {
    List<Moment<A>> moments = moments(withoutSite);
    for (int state = 0; state < Math.max(statesPerCut, STATES_TO_CONVICT); state++) {
      for (int cut = 0; cut < moments.size(); cut++) {
        try {
          check(moments.get(cut), random(cut, state));
        } catch (Throwable violation) {
          return true;
        }
      }
    }
    return false;
  }

  /** Runs the workload, without the syncs of one site when one is named. */
  private List<Moment<A>> moments(String withoutSite) {
    List<Moment<A>> moments = new ArrayList<>();
    List<A> acknowledged = new ArrayList<>();
    SimulatedDisk used =
        run(
            disk -> {
              disk.listen(
                  operation -> moments.add(moment(disk, acknowledged, "before " + operation)));
              disk.inject(
                  operation ->
                      operation.isSync() && DiskOperation.site(siteFrames).equals(withoutSite),
                  SimulatedDisk.Fault.IGNORE);
            },
            what -> {
              synchronized (acknowledged) {
                acknowledged.add(what);
              }
            });
    moments.add(moment(used, acknowledged, "after the last operation"));
    return moments;
  }

  private static <A> Moment<A> moment(SimulatedDisk disk, List<A> acknowledged, String before) {
    synchronized (acknowledged) {
      return new Moment<>(disk.copy(), List.copyOf(acknowledged), before);
    }
  }

  private SimulatedDisk run(Consumer<SimulatedDisk> watch, Consumer<A> acknowledge) {
    SimulatedDisk disk = new SimulatedDisk(seed);
    try {
      preparation.run(disk);
      disk.settle();
      watch.accept(disk);
      workload.run(disk, acknowledge);
      return disk;
    } catch (Exception e) {
      throw new AssertionError(name + ": the workload fails without a cut" + seedText(), e);
    }
  }

  /** How many states were checked. */
  private int check(Moment<A> moment, SplittableRandom random) throws Exception {
    SimulatedDisk left = moment.disk().afterPowerCut(random);
    SimulatedDisk again = recovery == null ? null : cutRecovery(left, random);
    checker.check(left, moment.acknowledged());
    if (again == null) {
      return 1;
    }
    checker.check(again, moment.acknowledged());
    return 2;
  }

  /** What a cut in the middle of the recovery leaves; null when the recovery changes nothing. */
  private SimulatedDisk cutRecovery(SimulatedDisk left, SplittableRandom random) throws Exception {
    SimulatedDisk whole = left.copy();
    recovery.run(whole);
    if (whole.operations() == 0) {
      return null;
    }
    SimulatedDisk broken = left.copy();
    broken.cutAfter(random.nextLong(whole.operations()));
    try {
      recovery.run(broken);
    } catch (Throwable died) {
      if (!broken.isCut()) {
        throw died;
      }
    }
    return broken.afterPowerCut(random);
  }

  private SplittableRandom random(int cut, int state) {
    return new SplittableRandom(seed + 0x9E3779B97F4A7C15L * ((long) cut << 20 | state));
  }

  private AssertionError failure(Moment<A> moment, int cut, int state, Throwable violation) {
    return new AssertionError(
        "%s: a power cut %s (cut %d, state %d, %d acknowledged) breaks a promise: %s%s"
            .formatted(
                name,
                moment.before(),
                cut,
                state,
                moment.acknowledged().size(),
                violation,
                seedText()),
        violation);
  }

  private String seedText() {
    return String.format(Locale.ROOT, "; seed %016x", seed);
  }
}
