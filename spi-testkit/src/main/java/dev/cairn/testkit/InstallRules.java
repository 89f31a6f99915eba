package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertCode;
import static dev.cairn.testkit.Bench.assertSame;
import static dev.cairn.testkit.Bench.content;
import static dev.cairn.testkit.Data.OTHER;
import static dev.cairn.testkit.Data.USERS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Installing: an image becomes a store of its own, or nothing is left. */
interface InstallRules extends ContractCase {
  private Path target() {
    return bench().directory().resolve("installed");
  }

  private byte[] image(Backend backend) throws IOException {
    Path file = bench().image(backend, "image");
    byte[] bytes = Bench.read(file);
    LocalDisk.INSTANCE.delete(file);
    return bytes;
  }

  private Backend filled() {
    Backend backend = bench().open();
    backend.commit(Data.fill(USERS, 500, 3_000, 1));
    backend.commit(Batch.builder().createBucket(OTHER).build());
    return backend;
  }

  private void assertNothingIsLeft(Map<Path, Integer> before) {
    assertEquals(before, bench().fingerprint());
  }

  @Test
  default void anInstalledImageIsAStoreOfItsOwn() throws IOException {
    Backend source = filled();
    Model expected = content(source);
    byte[] image = image(source);
    bench().engine().install(new ImageChannel(image, 1 << 16), image.length, target());
    Backend installed = bench().open(target(), bench().config());
    assertSame(expected, content(installed));
    assertNotEquals(source.stats().storeId(), installed.stats().storeId());
    String id = installed.stats().storeId();
    installed.commit(Data.fill(USERS, 600, 100, 9));
    source.commit(Data.put(USERS, "source", "goes its own way"));
    Model changed = content(installed);
    installed.close();
    Backend reopened = bench().open(target(), bench().config());
    assertSame(changed, content(reopened));
    assertEquals(id, reopened.stats().storeId());
  }

  @Test
  default void anImageOfAnInstalledStoreIsEqualAgain() throws IOException {
    Backend source = filled();
    Model expected = content(source);
    byte[] image = image(source);
    for (int i = 0; i < 3; i++) {
      Path store = bench().directory().resolve("generation" + i);
      bench().engine().install(new ImageChannel(image, 1 << 16), image.length, store);
      Backend backend = bench().open(store, bench().config());
      assertSame(expected, content(backend));
      image = image(backend);
      backend.close();
    }
  }

  @Test
  default void anEmptyStoreIsInstalled() throws IOException {
    byte[] image = image(bench().open());
    bench().engine().install(new ImageChannel(image, 512), image.length, target());
    assertSame(new Model(), content(bench().open(target(), bench().config())));
  }

  @Test
  default void theChannelIsReadToTheAnnouncedSizeAndLeftOpen() throws IOException {
    Backend source = filled();
    byte[] image = image(source);
    ImageChannel channel = new ImageChannel(Arrays.copyOf(image, image.length + 32), 777);
    bench().engine().install(channel, image.length, target());
    assertEquals(32, channel.remaining());
    assertTrue(channel.isOpen());
    assertSame(content(source), content(bench().open(target(), bench().config())));
  }

  @Test
  default void aTargetThatIsThereIsRefusedAndKept() throws IOException {
    Backend source = filled();
    byte[] image = image(source);
    source.close();
    bench().write("installed", new byte[0]);
    Path directory = bench().directory().resolve("d");
    LocalDisk.INSTANCE.createDirectory(directory);
    Map<Path, Integer> before = bench().fingerprint();
    for (Path target : new Path[] {bench().store(), target(), directory}) {
      assertCode(
          () -> bench().engine().install(new ImageChannel(image, 4_096), image.length, target),
          Code.EXISTS);
      assertNothingIsLeft(before);
    }
  }

  @Test
  default void aTargetInAnAbsentDirectoryIsRefused() throws IOException {
    byte[] image = image(filled());
    Path target = bench().directory().resolve("absent").resolve("db");
    assertCode(
        () -> bench().engine().install(new ImageChannel(image), image.length, target),
        Code.NOT_FOUND,
        Code.IO);
    assertTrue(!LocalDisk.INSTANCE.exists(target.getParent()));
  }

  @Test
  default void aTruncatedImageLeavesNothing() throws IOException {
    Backend source = filled();
    byte[] image = image(source);
    source.close();
    Map<Path, Integer> before = bench().fingerprint();
    for (int cut : Junk.cuts(image.length)) {
      byte[] part = Arrays.copyOf(image, cut);
      assertCode(
          () -> bench().engine().install(new ImageChannel(part, 4_096), image.length, target()),
          Code.CORRUPT);
      assertNothingIsLeft(before);
      assertCode(
          () -> bench().engine().install(new ImageChannel(part, 4_096), part.length, target()),
          Code.CORRUPT,
          Code.UNSUPPORTED);
      assertNothingIsLeft(before);
    }
  }

  @Test
  default void junkLeavesNothing() throws IOException {
    for (Map.Entry<String, byte[]> junk : Junk.foreign().entrySet()) {
      byte[] bytes = junk.getValue();
      assertCode(
          () -> bench().engine().install(new ImageChannel(bytes, 4_096), bytes.length, target()),
          Code.CORRUPT,
          Code.UNSUPPORTED);
      assertNothingIsLeft(Map.of());
    }
  }

  @Test
  default void aChannelThatFailsLeavesNothing() throws IOException {
    Backend source = filled();
    byte[] image = image(source);
    source.close();
    Map<Path, Integer> before = bench().fingerprint();
    ImageChannel good = new ImageChannel(image, 4_096);
    ReadableByteChannel failing =
        new ReadableByteChannel() {
          @Override
          public int read(ByteBuffer into) throws IOException {
            if (good.remaining() < image.length / 2) {
              throw new IOException("the line is dead");
            }
            return good.read(into);
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    assertThrows(
        StorageException.class, () -> bench().engine().install(failing, image.length, target()));
    assertNothingIsLeft(before);
  }
}
