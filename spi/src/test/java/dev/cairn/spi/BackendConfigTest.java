package dev.cairn.spi;

import static dev.cairn.spi.Failures.assertCode;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.StorageException.Code;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BackendConfigTest {
  private static final BackendConfig DEFAULTS = BackendConfig.defaults();

  @Test
  void theDefaultsAreSafe() {
    assertEquals(Access.READ_WRITE_CREATE, DEFAULTS.access());
    assertEquals(Durability.SYNC, DEFAULTS.durability());
    assertEquals(OptionalLong.empty(), DEFAULTS.pinMillisMax());
    assertEquals(Map.of(), DEFAULTS.options());
    assertSame(BackendListener.NONE, DEFAULTS.listener());
  }

  @Test
  void pinnedBytesDefaultToTheLargerOfAGibibyteAndTheLiveSize() {
    assertEquals(1L << 30, DEFAULTS.pinnedBytesMax(0));
    assertEquals(1L << 30, DEFAULTS.pinnedBytesMax(1L << 30));
    assertEquals(5L << 30, DEFAULTS.pinnedBytesMax(5L << 30));
    assertEquals(7, DEFAULTS.withPinnedBytesMax(7).pinnedBytesMax(5L << 30));
  }

  @Test
  void everyWithKeepsTheRest() {
    BackendListener listener =
        new BackendListener() {
          @Override
          public void pinHeld(String openedAt, long ageMillis) {}

          @Override
          public void pinRevoked(String openedAt, long ageMillis, String reason) {}
        };
    BackendConfig config =
        DEFAULTS
            .withAccess(Access.READ_ONLY)
            .withDurability(Durability.RELAXED)
            .withPinnedBytesMax(11)
            .withPinMillisMax(12)
            .withOption("e.a", "1")
            .withOption("e.b", "2")
            .withListener(listener)
            .withOption("e.a", "3");
    assertEquals(Access.READ_ONLY, config.access());
    assertEquals(Durability.RELAXED, config.durability());
    assertEquals(11, config.pinnedBytesMax(1));
    assertEquals(OptionalLong.of(12), config.pinMillisMax());
    assertEquals(Map.of("e.a", "3", "e.b", "2"), config.options());
    assertSame(listener, config.listener());
    assertEquals(Map.of(), DEFAULTS.options());
    assertThrows(UnsupportedOperationException.class, () -> config.options().clear());
  }

  @Test
  void boundsAreAtLeastOne() {
    assertCode(Code.LIMIT, () -> DEFAULTS.withPinnedBytesMax(0), "pinnedBytesMax", "0");
    assertCode(Code.LIMIT, () -> DEFAULTS.withPinMillisMax(-1), "pinMillisMax", "-1");
  }

  @Test
  void numbersAmongTheOptionsAreRead() {
    BackendConfig config = DEFAULTS.withOption("e.size", "4096").withOption("e.bad", "4k");
    assertEquals(4096, config.optionPositive("e.size", 1));
    assertEquals(1, config.optionPositive("e.other", 1));
    assertCode(Code.LIMIT, () -> config.optionPositive("e.bad", 1), "e.bad", "4k");
    BackendConfig zero = config.withOption("e.size", "0");
    assertCode(Code.LIMIT, () -> zero.optionPositive("e.size", 1), "e.size", "0");
  }

  @Test
  void anUnknownOptionNamesTheValidOnes() {
    BackendConfig config = DEFAULTS.withOption("e.sise", "1");
    StorageException refused =
        assertCode(
            Code.UNSUPPORTED,
            () -> config.checkOptions("e", List.of("e.size", "e.flush")),
            "e.sise",
            "e.flush, e.size");
    assertTrue(refused.getMessage().contains("engine e"));
    assertCode(Code.UNSUPPORTED, () -> config.checkOptions("e", List.of()), "none");
    assertDoesNotThrow(() -> config.checkOptions("e", List.of("e.sise")));
    assertDoesNotThrow(() -> DEFAULTS.checkOptions("e", List.of()));
  }

  @Test
  void optionsCanBeLeftBehind() {
    BackendConfig config =
        BackendConfig.defaults()
            .withDurability(BackendConfig.Durability.RELAXED)
            .withPinnedBytesMax(7)
            .withOption("lmdb.mapSizeBytes", "1");
    BackendConfig without = config.withoutOptions();
    assertEquals(Map.of(), without.options());
    assertEquals(BackendConfig.Durability.RELAXED, without.durability());
    assertEquals(7, without.pinnedBytesMax(1));
    assertEquals(1, config.options().size());
  }
}
