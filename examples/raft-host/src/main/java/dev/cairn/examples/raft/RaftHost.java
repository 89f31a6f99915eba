package dev.cairn.examples.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.etcd.ClusterFlags;
import dev.cairn.etcd.NewCluster;
import dev.cairn.raft.MemberConfig;
import dev.cairn.raft.RaftMember;
import dev.cairn.raft.Recovered;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A raft host of one node: what is ready is persisted, then acknowledged, then applied in order,
 * which sets off a snapshot from time to time. On the engine {@code bbolt} its data directory is
 * one that etcd starts on. One thread.
 */
public final class RaftHost implements AutoCloseable {
  private static final int WRITES_AT_ONCE = 8;

  private final RaftMember member;
  private final Keys keys;
  private final long id;
  private final long term;

  /**
   * Starts: applies what the last run had acknowledged but not applied, and leads.
   *
   * @param dataDir made where it is absent
   * @param config how
   */
  public RaftHost(Path dataDir, MemberConfig config) {
    member = RaftMember.open(dataDir, config);
    try {
      Recovered found = member.recovered();
      id = found.metadata().nodeId();
      term = found.hardState().term() + 1;
      keys = member.store().view(Keys::of);
      member.apply(found.replay(), keys::apply);
      if (!member.membership().confState().voters().equals(List.of(id))) {
        throw new IllegalStateException("has other members; this host is alone");
      }
      // A leader's first entry: with it all is agreed on that stands before it.
      propose(List.of(new byte[0]), () -> {});
    } catch (RuntimeException | Error e) {
      member.close();
      throw e;
    }
  }

  /**
   * Writes, with one sync of the log for all.
   *
   * @param requests each becomes an entry
   * @param acknowledged is told as soon as they are durable, before they are applied
   */
  private void propose(List<byte[]> requests, Runnable acknowledged) {
    List<Entry> entries = new ArrayList<>();
    long last = member.log().lastIndex();
    for (byte[] request : requests) {
      entries.add(new Entry(EntryType.NORMAL, term, ++last, request));
    }
    member.persist(new HardState(term, id, last), entries);
    acknowledged.run();
    long next = member.appliedIndex() + 1;
    member.apply(member.log().entries(next, last + 1, Long.MAX_VALUE), keys::apply);
  }

  /**
   * Puts a key, be it new or not.
   *
   * @param key at least one byte
   * @param value any bytes
   */
  public void put(byte[] key, byte[] value) {
    propose(List.of(Keys.put(key, value)), () -> {});
  }

  /** How many keys there are. */
  int keyCount() {
    return keys.count();
  }

  /** The member beneath. */
  RaftMember member() {
    return member;
  }

  @Override
  public void close() {
    member.close();
  }

  /** The key that the host's own run writes as its n-th. */
  static String key(long number) {
    return "raft/%08d".formatted(number);
  }

  /** Its value; of some length. */
  static String value(long number) {
    return Long.toString(number, Character.MAX_RADIX).repeat((int) (number * 7919 % 100) + 1);
  }

  /**
   * Writes numbered keys, and prints each number when it is acknowledged.
   *
   * @param args data directory, engine, entries between two snapshots, number of the last key; and
   *     maybe for how many milliseconds at most it lives: then it dies at a random moment
   */
  public static void main(String[] args) {
    MemberConfig config =
        MemberConfig.engine(args[1])
            .withFirstStart(NewCluster.of(ClusterFlags.defaults()))
            .withSnapshotCount(Long.parseLong(args[2]))
            .withCatchUpEntries(Long.parseLong(args[2]) / 2);
    if (args.length > 4) {
      dieWithin(Integer.parseInt(args[4]));
    }
    try (RaftHost host = new RaftHost(Path.of(args[0]), config)) {
      host.run(Long.parseLong(args[3]));
    }
  }

  private void run(long last) {
    for (long next = keys.count(); next <= last; ) {
      long from = next;
      List<byte[]> requests = new ArrayList<>();
      while (next <= last && requests.size() < WRITES_AT_ONCE) {
        requests.add(Keys.put(key(next).getBytes(UTF_8), value(next).getBytes(UTF_8)));
        next++;
      }
      long acknowledged = next - 1;
      // The point tells a whole line from one that was cut.
      propose(requests, () -> System.out.println(from + " to " + acknowledged + "."));
    }
  }

  private static void dieWithin(int millisMax) {
    int millis = new SplittableRandom().nextInt(millisMax);
    Thread death =
        new Thread(
            () -> {
              try {
                Thread.sleep(millis);
              } catch (InterruptedException e) {
                // Nobody interrupts it.
              }
              Runtime.getRuntime().halt(137);
            });
    death.setDaemon(true);
    death.start();
  }
}
