package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.testkit.TestRun;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class RunningCrcTest {
  private static final long SEED = TestRun.seed(RunningCrcTest.class);

  private static int crc(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    return (int) crc.getValue();
  }

  @Test
  void goesOnFromAnyValue() {
    SplittableRandom random = new SplittableRandom(SEED);
    int rounds = TestRun.count(10_000, 1_000_000);
    RunningCrc running = new RunningCrc();
    for (int i = 0; i < rounds; i++) {
      byte[] all = new byte[random.nextInt(200)];
      random.nextBytes(all);
      int cut = random.nextInt(all.length + 1);
      running.adopt(crc(Arrays.copyOf(all, cut)));
      running.update(Arrays.copyOfRange(all, cut, all.length));
      assertEquals(crc(all), running.value());
    }
    TestRun.report("CRCs gone on with", rounds);
  }

  @Test
  void isTheValueThatItAdopts() {
    RunningCrc running = new RunningCrc();
    for (int value : new int[] {0, 1, -1, 0x365707b8, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      running.adopt(value);
      assertEquals(value, running.value());
    }
  }

  /** The check value that the catalogues of CRCs have for this one. */
  @Test
  void isTheCastagnoliPolynomial() {
    RunningCrc running = new RunningCrc();
    running.adopt(0);
    running.update("123456789".getBytes(StandardCharsets.US_ASCII));
    assertEquals(0xE3069283, running.value());
  }
}
