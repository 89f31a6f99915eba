package dev.cairn.engine.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.testkit.TestRun;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The cache holds what it is given, within its bytes, and never what was taken out. */
class PageCacheTest {
  private static final int PAGE_BYTES = 512;

  private static Page page(long id) {
    byte[] bytes = new byte[PAGE_BYTES];
    Page.putHeader(bytes, id, Layout.FLAG_LEAF, 0, 0);
    return new Page(null, id, 1, bytes, true);
  }

  @Test
  void bytesAreBounded() {
    PageCache cache = new PageCache(100_000, PAGE_BYTES, 10);
    for (int id = 2; id < 10_000; id++) {
      cache.grow(id);
      cache.put(page(id));
      assertTrue(cache.bytes() <= 100_000, () -> cache.bytes() + " bytes");
    }
    assertTrue(cache.bytes() > 50_000, () -> cache.bytes() + " bytes");
    assertNotNull(cache.get(9_999));
  }

  @Test
  void thePageThatCameLastCounts() {
    PageCache cache = new PageCache(100_000, PAGE_BYTES, 1_000);
    for (int round = 0; round < 3; round++) {
      for (int id = 2; id < 1_000; id++) {
        Page page = page(id);
        cache.put(page);
        assertSame(page, cache.get(id));
      }
    }
    for (int id = 2; id < 1_000; id++) {
      cache.remove(id);
      assertNull(cache.get(id));
    }
    assertEquals(0, cache.bytes());
  }

  @Test
  void whatIsUsedStaysWhileAScanGoesBy() {
    PageCache cache = new PageCache(1 << 20, PAGE_BYTES, 100_000);
    cache.put(page(2));
    for (int id = 3; id < 100_000; id++) {
      cache.put(page(id));
      if (id % 16 == 0) {
        assertNotNull(cache.get(2), "gone after " + id);
      }
    }
  }

  @Test
  void aPageTooLargeForTheCacheIsNotKept() {
    PageCache cache = new PageCache(1_000, PAGE_BYTES, 100);
    cache.put(page(2));
    assertNull(cache.get(2));
    assertEquals(0, cache.bytes());
  }

  @Test
  void manyThreadsFindOnlyWhatTheyAskFor() {
    PageCache cache = new PageCache(50_000, PAGE_BYTES, 50);
    long seed = TestRun.seed(getClass());
    CompletableFuture<?>[] readers =
        IntStream.range(0, 4)
            .mapToObj(
                thread ->
                    CompletableFuture.runAsync(
                        () -> use(cache, new SplittableRandom(seed + thread))))
            .toArray(CompletableFuture[]::new);
    for (int pages = 50; pages < 2_000; pages += 50) {
      cache.grow(pages);
    }
    CompletableFuture.allOf(readers).join();
  }

  private static void use(PageCache cache, SplittableRandom random) {
    for (int i = 0; i < 50_000; i++) {
      long id = 2 + random.nextInt(500);
      Page found = cache.get(id);
      if (found == null) {
        cache.put(page(id));
      } else {
        assertEquals(id, found.id());
      }
    }
  }
}
