package dev.cairn.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A simulated file: what a process sees, what the device surely has, and the changes in between.
 *
 * <p>After a power cut each sector of 512 bytes has one of the contents it had since the last sync,
 * whatever the others have; the length is one of those it had, and what lies behind it is gone.
 */
final class SimulatedContent implements SimulatedNode {
  static final int SECTOR_BYTES = 512;

  /** Of what became of a change at the device. */
  private enum State {
    /** Not synced yet. */
    PENDING,
    /** A sync failed on it; no later sync brings it back. */
    DOUBTFUL,
    /** Synced, but not merged because a doubtful change stands before it. */
    SYNCED
  }

  /** A write, or without bytes a change of the length to {@code atBytes}. */
  private record Change(long atBytes, byte[] bytes, State state) {
    Change in(State other) {
      return new Change(atBytes, bytes, other);
    }
  }

  private final SimulatedPages seen;
  private SimulatedPages durable;
  private final List<Change> changes;

  SimulatedContent() {
    this(new SimulatedPages(), new SimulatedPages(), new ArrayList<>());
  }

  private SimulatedContent(SimulatedPages seen, SimulatedPages durable, List<Change> changes) {
    this.seen = seen;
    this.durable = durable;
    this.changes = changes;
  }

  SimulatedContent copy() {
    return new SimulatedContent(seen.copy(), durable.copy(), new ArrayList<>(changes));
  }

  long lengthBytes() {
    return seen.lengthBytes();
  }

  long allocatedBytes() {
    return seen.allocatedBytes();
  }

  /** What a write would add to {@link #allocatedBytes}. */
  long missingBytes(long offsetBytes, int count) {
    return seen.missingBytes(offsetBytes, count);
  }

  int read(long offsetBytes, ByteBuffer into) {
    return seen.read(offsetBytes, into);
  }

  void write(long offsetBytes, byte[] bytes) {
    seen.write(offsetBytes, bytes, 0, bytes.length);
    changes.add(new Change(offsetBytes, bytes, State.PENDING));
  }

  void setLength(long lengthBytes) {
    seen.setLength(lengthBytes);
    changes.add(new Change(lengthBytes, null, State.PENDING));
  }

  void sync() {
    changes.replaceAll(each -> each.state() == State.PENDING ? each.in(State.SYNCED) : each);
    if (changes.stream().allMatch(each -> each.state() == State.SYNCED)) {
      changes.clear();
      durable = seen.copy();
    }
  }

  void failSync() {
    changes.replaceAll(each -> each.state() == State.PENDING ? each.in(State.DOUBTFUL) : each);
  }

  /** One of the states that a power cut may leave. */
  SimulatedContent afterPowerCut(SplittableRandom random) {
    if (changes.isEmpty()) {
      return new SimulatedContent(durable.copy(), durable.copy(), new ArrayList<>());
    }
    SimulatedPages left = new Survivors(random).pages();
    return new SimulatedContent(left, left.copy(), new ArrayList<>());
  }

  /** Draws what of the changes a power cut leaves. */
  private final class Survivors {
    private final SplittableRandom random;
    private final SimulatedPages left = durable.copy();
    private final BitSet settled = new BitSet();
    private final int lengthChanges;
    private final int writesInOrder;
    private final double keptShare;
    private final boolean torn;

    Survivors(SplittableRandom random) {
      this.random = random;
      int count = changes.size();
      lengthChanges = Math.max(lastSynced(), someOf(count));
      boolean ordered = random.nextInt(4) == 0;
      writesInOrder = ordered ? lengthChanges : count;
      keptShare = ordered ? 1 : random.nextInt(4) / 3.0;
      torn = random.nextBoolean();
    }

    /** All and none are the likeliest to matter, so they come up often. */
    private int someOf(int count) {
      return switch (random.nextInt(4)) {
        case 0 -> 0;
        case 1 -> count;
        default -> random.nextInt(count + 1);
      };
    }

    private int lastSynced() {
      int last = changes.size();
      while (last > 0 && changes.get(last - 1).state() != State.SYNCED) {
        last--;
      }
      return last;
    }

    SimulatedPages pages() {
      long lengthBytes = left.lengthBytes();
      for (int i = 0; i < changes.size(); i++) {
        Change change = changes.get(i);
        boolean lengthKept = i < lengthChanges;
        if (change.bytes() != null) {
          write(change, share(i));
          long end = change.atBytes() + change.bytes().length;
          lengthBytes = lengthKept ? Math.max(lengthBytes, end) : lengthBytes;
        } else if (lengthKept) {
          left.setLength(change.atBytes());
          settled.clear(
              sector(change.atBytes()), Math.max(sector(change.atBytes()), settled.size()));
          lengthBytes = change.atBytes();
        }
      }
      left.setLength(lengthBytes);
      return left;
    }

    /** How likely a part of that write is to be kept; the last one before the cut may be torn. */
    private double share(int index) {
      if (index >= writesInOrder) {
        return 0;
      }
      return torn && index == writesInOrder - 1 ? 0.5 : keptShare;
    }

    private void write(Change change, double share) {
      boolean synced = change.state() == State.SYNCED;
      boolean whole = random.nextDouble() < share;
      int size = change.bytes().length;
      for (int done = 0; done < size; ) {
        long at = change.atBytes() + done;
        int part = (int) Math.min(SECTOR_BYTES - at % SECTOR_BYTES, size - done);
        boolean kept = torn ? random.nextDouble() < share : whole;
        if (synced) {
          settled.clear(sector(at));
        }
        if (synced || (kept && !settled.get(sector(at)))) {
          left.patch(at, change.bytes(), done, part);
        } else {
          // The device has this sector as it was before; what came later did not reach it either.
          settled.set(sector(at));
        }
        done += part;
      }
    }

    private int sector(long atBytes) {
      return (int) (atBytes / SECTOR_BYTES);
    }
  }
}
