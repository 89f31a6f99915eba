package dev.cairn.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.io.Disk.Mode;
import dev.cairn.io.DiskFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Random operations on a few files, with the plainest model beside them: an array for each file.
 * Each file is synced at times, and after a cut a file that nobody touched since is as it was.
 */
final class SimulatedHistory {
  private static final Path DIRECTORY = Path.of("/d");
  private static final int OPERATIONS = 60;
  private static final int FILES = 4;
  private static final int LENGTH_MAX = 20_000;

  private final SplittableRandom random;
  private final SimulatedDisk disk;
  private final Map<Path, byte[]> model = new TreeMap<>();
  private final List<Path> clean = new ArrayList<>();

  SimulatedHistory(SplittableRandom random) {
    this.random = random;
    disk = new SimulatedDisk(random.nextLong());
    disk.makeDirectories(DIRECTORY);
    for (int i = 0; i < FILES; i++) {
      Path path = DIRECTORY.resolve("f" + i);
      disk.open(path, Mode.CREATE_NEW).close();
      model.put(path, new byte[0]);
    }
    disk.settle();
    clean.addAll(model.keySet());
  }

  void run() {
    for (int i = 0; i < OPERATIONS; i++) {
      Path path = DIRECTORY.resolve("f" + random.nextInt(FILES));
      try (DiskFile file = disk.open(path, Mode.READ_WRITE)) {
        change(path, file);
        checkRead(path, file);
      }
      checkCut();
    }
  }

  private void change(Path path, DiskFile file) {
    switch (random.nextInt(4)) {
      case 0 -> {
        file.sync();
        clean.add(path);
      }
      case 1 -> {
        int length = random.nextInt(LENGTH_MAX);
        file.setLength(length);
        model.put(path, Arrays.copyOf(model.get(path), length));
        clean.removeIf(path::equals);
      }
      default -> write(path, file);
    }
  }

  private void write(Path path, DiskFile file) {
    byte[] bytes = new byte[1 + random.nextInt(6_000)];
    random.nextBytes(bytes);
    int at = random.nextInt(LENGTH_MAX);
    file.write(at, ByteBuffer.wrap(bytes));
    int length = Math.max(model.get(path).length, at + bytes.length);
    byte[] grown = Arrays.copyOf(model.get(path), length);
    System.arraycopy(bytes, 0, grown, at, bytes.length);
    model.put(path, grown);
    clean.removeIf(path::equals);
  }

  private void checkRead(Path path, DiskFile file) {
    byte[] expected = model.get(path);
    assertEquals(expected.length, file.sizeBytes());
    assertArrayEquals(expected, disk.bytes(path));
  }

  private void checkCut() {
    SimulatedDisk left = disk.afterPowerCut(random);
    for (Path path : clean) {
      assertArrayEquals(model.get(path), left.bytes(path), path.toString());
    }
  }
}
