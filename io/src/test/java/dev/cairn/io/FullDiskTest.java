package dev.cairn.io;

import static dev.cairn.io.Failures.assertCode;
import static dev.cairn.io.Failures.assertNames;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.io.Disk.Mode;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system of 256 KiB, made where the tests may mount one. */
class FullDiskTest {
  private static final int SIZE_BYTES = 256 * 1024;

  private final Disk disk = LocalDisk.INSTANCE;

  @TempDir private Path directory;
  private boolean mounted;

  private static boolean runs(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  @BeforeEach
  void mount() throws Exception {
    String options = "size=" + SIZE_BYTES + ",nr_inodes=8";
    mounted = runs("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.toString());
    assumeTrue(mounted, "not allowed to mount a tmpfs: no space is not tried");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertTrue(runs("umount", directory.toString()));
    }
  }

  @Test
  void aWriteWithoutSpaceIsFull() {
    Path path = directory.resolve("file");
    try (DiskFile file = disk.open(path, Mode.CREATE_NEW)) {
      assertEquals(SIZE_BYTES, disk.freeBytes(directory));
      file.write(0, ByteBuffer.allocate(SIZE_BYTES / 2));
      assertNames(
          path, assertCode(Code.FULL, () -> file.write(0, ByteBuffer.allocate(2 * SIZE_BYTES))));
      assertEquals(0, disk.freeBytes(directory));
      assertCode(Code.FULL, () -> file.write(SIZE_BYTES, ByteBuffer.allocateDirect(1)));
      file.setLength(0);
      file.write(0, ByteBuffer.allocate(100));
      file.sync();
    }
  }

  @Test
  void aFileOrNameWithoutSpaceIsFull() {
    for (int i = 0; i < 7; i++) {
      disk.open(directory.resolve("file" + i), Mode.CREATE_NEW).close();
    }
    Path more = directory.resolve("more");
    assertNames(more, assertCode(Code.FULL, () -> disk.open(more, Mode.CREATE)));
    assertNames(more, assertCode(Code.FULL, () -> disk.open(more, Mode.CREATE_NEW)));
    assertNames(more, assertCode(Code.FULL, () -> disk.createDirectory(more)));
  }

  @Test
  void anAtomicFileWithoutSpaceLeavesTheTarget() throws Exception {
    Path target = Files.writeString(directory.resolve("target"), "as it was");
    try (AtomicFile file = AtomicFile.create(disk, target)) {
      file.write(ByteBuffer.allocate(1000));
      assertCode(Code.FULL, () -> file.write(ByteBuffer.allocate(2 * SIZE_BYTES)));
      assertEquals(1000, file.sizeBytes());
    }
    assertEquals("as it was", Files.readString(target));
    assertEquals(List.of(target), disk.list(directory));
  }

  @Test
  void anUncachedFileWithoutSpaceLeavesTheTarget() throws Exception {
    Path target = Files.writeString(directory.resolve("target"), "as it was");
    for (int sizeBytes :
        new int[] {DirectAppender.BLOCK_BYTES / 2, 3 * DirectAppender.BLOCK_BYTES}) {
      try (AtomicFile file = AtomicFile.create(disk, target).uncached()) {
        assertCode(
            Code.FULL,
            () -> {
              file.write(ByteBuffer.allocate(sizeBytes));
              file.commit();
            });
      }
      assertEquals("as it was", Files.readString(target));
      assertEquals(List.of(target), disk.list(directory));
    }
  }
}
