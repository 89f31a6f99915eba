package dev.cairn.testkit;

import dev.cairn.spi.Bucket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes random histories. Every one of a seed is the same. */
final class HistorySource {
  private static final int STEPS_MAX = 60;
  private static final List<Bucket> BUCKETS =
      List.of(
          Bucket.named("a"),
          Bucket.named("aa"),
          Bucket.of(new byte[] {0}),
          Bucket.of(Data.filled(255, 0xff)),
          Bucket.of(Data.filled(254, 0xff)));

  private final SplittableRandom random;
  private final Keys keys;

  HistorySource(long seed) {
    random = new SplittableRandom(seed);
    keys = new Keys(random);
  }

  List<Step> steps() {
    int count = 5 + random.nextInt(STEPS_MAX - 5);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(step());
    }
    return steps;
  }

  private Step step() {
    int slot = random.nextInt(Step.SLOTS);
    int choice = random.nextInt(100);
    if (choice < 50) {
      return new Step.Commit(ops());
    } else if (choice < 62) {
      return new Step.OpenView(slot);
    } else if (choice < 70) {
      return new Step.ReadAll(slot);
    } else if (choice < 80) {
      return new Step.Wander(slot, random.nextLong());
    } else if (choice < 85) {
      return new Step.CloseView(slot);
    } else if (choice < 91) {
      return new Step.TakeSnapshot(slot);
    } else if (choice < 95) {
      return new Step.Stream(slot);
    } else if (choice < 96) {
      return new Step.Sync();
    }
    return new Step.Reopen(random.nextBoolean());
  }

  private List<Op> ops() {
    int count = random.nextInt(8) == 0 ? random.nextInt(400) : random.nextInt(12);
    List<Op> ops = new ArrayList<>();
    if (random.nextInt(3) > 0) {
      BUCKETS.forEach(bucket -> ops.add(Op.create(bucket)));
    }
    for (int i = 0; i < count; i++) {
      ops.add(op(BUCKETS.get(random.nextInt(BUCKETS.size()))));
    }
    return ops;
  }

  private Op op(Bucket bucket) {
    int choice = random.nextInt(100);
    if (choice < 3) {
      return Op.create(bucket);
    } else if (choice < 5) {
      return Op.drop(bucket);
    } else if (choice < 35) {
      return Op.delete(bucket, keys.any());
    }
    return Op.put(bucket, keys.any(), Data.random(valueBytes(), random.nextInt()));
  }

  private int valueBytes() {
    int choice = random.nextInt(200);
    if (choice == 0) {
      return random.nextInt(1 << 20);
    } else if (choice < 5) {
      return random.nextInt(70_000);
    } else if (choice < 20) {
      return 4_000 + random.nextInt(120);
    }
    return choice < 40 ? 0 : random.nextInt(choice);
  }
}
