package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The scan against the generated parser. */
class KeyValueScanTest {
  private static final long SEED = TestRun.seed(KeyValueScanTest.class);

  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void findsWhatTheParserFinds() {
    for (int i = 0; i < TestRun.count(2_000, 100_000); i++) {
      KeyValue entry = randomEntry();
      ByteBuffer bytes = entry.toByteString().asReadOnlyByteBuffer();
      assertEquals(entry.getVersion(), KeyValueScan.version(bytes));
      assertEquals(entry.getKey().asReadOnlyByteBuffer(), KeyValueScan.key(bytes));
      assertEquals(0, bytes.position());
    }
  }

  @Test
  void refusesDamageThatTheParserRefuses() {
    int refused = 0;
    for (int i = 0; i < TestRun.count(2_000, 100_000); i++) {
      byte[] bytes = randomEntry().toByteArray();
      int cut = random.nextInt(bytes.length + 1);
      ByteBuffer damaged = ByteBuffer.wrap(bytes, 0, cut).slice();
      try {
        assertEquals(
            KeyValue.parseFrom(damaged.slice()).getVersion(), KeyValueScan.version(damaged));
      } catch (InvalidProtocolBufferException e) {
        refused++;
        assertEquals(-1, KeyValueScan.version(damaged));
        assertNull(KeyValueScan.key(damaged));
      }
    }
    assertTrue(refused > 0);
  }

  @Test
  void neverThrowsOnJunk() {
    for (int i = 0; i < TestRun.count(5_000, 200_000); i++) {
      byte[] junk = new byte[random.nextInt(24)];
      random.nextBytes(junk);
      KeyValueScan.version(ByteBuffer.wrap(junk));
      KeyValueScan.key(ByteBuffer.wrap(junk));
    }
  }

  private KeyValue randomEntry() {
    byte[] key = new byte[1 + random.nextInt(40)];
    random.nextBytes(key);
    byte[] value = new byte[random.nextInt(300)];
    random.nextBytes(value);
    return KeyValue.newBuilder()
        .setKey(ByteString.copyFrom(key))
        .setCreateRevision(random.nextLong(Long.MAX_VALUE))
        .setModRevision(random.nextLong(1 << 20))
        .setVersion(random.nextLong(1, 1 << random.nextInt(1, 20)))
        .setValue(ByteString.copyFrom(value))
        .setLease(random.nextLong(2))
        .build();
  }
}
