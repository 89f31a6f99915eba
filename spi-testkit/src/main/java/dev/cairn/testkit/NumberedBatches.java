package dev.cairn.testkit;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * An endless row of batches, each made from a seed and its number alone, so that another thread or
 * process knows what a store holds once it knows the number of the last batch, which stands in the
 * store.
 */
final class NumberedBatches {
  private static final Bucket META = Bucket.named("meta");
  private static final byte[] LAST = Data.utf8("last");
  private static final Bucket[] DATA = {Bucket.named("left"), Bucket.named("right")};
  private static final int BULK_BYTES = 3 << 20;
  private static final int BULK_VALUE_BYTES = 20_000;
  private static final int KEYS = 1_500;

  private static final int REMEMBERED_EVERY = 500;

  private final NavigableMap<Long, Model> remembered = new TreeMap<>(Map.of(0L, new Model()));
  private final long seed;
  private final int bulkBytes;
  private final int rememberedEvery;

  NumberedBatches(long seed) {
    this(seed, BULK_BYTES, REMEMBERED_EVERY);
  }

  private NumberedBatches(long seed, int bulkBytes, int rememberedEvery) {
    this.seed = seed;
    this.bulkBytes = bulkBytes;
    this.rememberedEvery = rememberedEvery;
  }

  /** Little in the first batch, and every model remembered: for a few batches, asked for often. */
  static NumberedBatches few(long seed) {
    return new NumberedBatches(seed, 2 * BULK_VALUE_BYTES, 1);
  }

  /** The operations of a batch, counted from 1. */
  List<Op> ops(long number) {
    SplittableRandom random = new SplittableRandom(seed ^ (number * 0x9e3779b97f4a7c15L));
    List<Op> ops = new ArrayList<>();
    ops.add(Op.create(META));
    for (Bucket bucket : DATA) {
      if (random.nextInt(300) == 0) {
        ops.add(Op.drop(bucket));
      }
      ops.add(Op.create(bucket));
    }
    if (number == 1) {
      bulk(ops);
    }
    for (int count = 1 + random.nextInt(30); count > 0; count--) {
      ops.add(op(random));
    }
    ops.add(Op.put(META, LAST, Data.utf8(Long.toString(number))));
    return ops;
  }

  /** Enough that an image comes in many chunks; never changed later. */
  private void bulk(List<Op> ops) {
    Bucket bucket = Bucket.named("bulk");
    ops.add(Op.create(bucket));
    for (int i = 0; i < bulkBytes / BULK_VALUE_BYTES; i++) {
      ops.add(Op.put(bucket, Data.key(i), Data.random(BULK_VALUE_BYTES, i)));
    }
  }

  private static Op op(SplittableRandom random) {
    Bucket bucket = DATA[random.nextInt(DATA.length)];
    byte[] key = Data.key(random.nextInt(KEYS));
    if (random.nextInt(4) == 0) {
      return Op.delete(bucket, key);
    }
    int bytes = random.nextInt(100) == 0 ? random.nextInt(60_000) : random.nextInt(300);
    return Op.put(bucket, key, Data.random(bytes, random.nextInt()));
  }

  Batch batch(long number) {
    return Op.batch(ops(number));
  }

  /** The number of the last batch that a view sees, 0 when it sees none. */
  static long last(ReadView view) {
    if (!view.buckets().contains(META)) {
      return 0;
    }
    return Long.parseLong(new String(view.get(META, LAST), StandardCharsets.UTF_8));
  }

  /** As {@link #last}, of a model. */
  static long lastOf(Model model) {
    if (!model.has(META)) {
      return 0;
    }
    byte[] number = model.buckets().get(META).get(LAST);
    return Long.parseLong(new String(number, StandardCharsets.UTF_8));
  }

  /** The model after the first so many batches; remembers some, so that asking often is cheap. */
  synchronized Model at(long number) {
    long known = remembered.floorKey(number);
    while (number - known >= rememberedEvery) {
      remembered.put(
          known + rememberedEvery, replay(remembered.get(known), known, known + rememberedEvery));
      known += rememberedEvery;
    }
    return replay(remembered.get(known), known, number);
  }

  /** The model after the batches behind one number up to another. */
  Model replay(Model model, long after, long upTo) {
    Model replayed = model.copy();
    for (long number = after + 1; number <= upTo; number++) {
      Op.replayOn(ops(number), replayed);
    }
    return replayed;
  }
}
