package com.example.cairn.shelf;

import dev.cairn.io.Disk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of a store's files. They stand beside each other, as what moves a store renames and
 * deletes plain files.
 *
 * <pre>
 * db        the store; a folded shelf is this alone
 * db-B.N    batch N upon base B
 * db.part, db-B.N.part   being written
 * </pre>
 */
final class Names {
  private final Disk disk;
  private final Path store;
  private final Pattern sidecar;

  Names(Disk disk, Path store) {
    this.disk = disk;
    this.store = store;
    String main = Pattern.quote(store.getFileName().toString());
    sidecar = Pattern.compile(main + "(?:\\.part|-([0-9]{1,18})\\.([0-9]{1,18})(?:\\.part)?)");
  }

  Path batch(long base, long number) {
    return store.resolveSibling(store.getFileName() + "-" + base + "." + number);
  }

  /** All that is there but the main file, in the order of the names. */
  List<Path> sidecars() {
    List<Path> found = new ArrayList<>();
    Path directory = store.toAbsolutePath().getParent();
    if (disk.isDirectory(directory)) {
      for (Path each : disk.list(directory)) {
        if (sidecar.matcher(each.getFileName().toString()).matches()) {
          found.add(store.resolveSibling(each.getFileName()));
        }
      }
    }
    return found;
  }

  /** The numbers of the batches that are there upon a base, highest first. */
  List<Long> batches(long base) {
    List<Long> numbers = new ArrayList<>();
    for (Path each : sidecars()) {
      Matcher matcher = sidecar.matcher(each.getFileName().toString());
      if (matcher.matches() && matcher.group(1) != null) {
        long number = Long.parseLong(matcher.group(2));
        if (each.equals(batch(base, number))) {
          numbers.add(number);
        }
      }
    }
    numbers.sort((one, other) -> Long.compare(other, one));
    return numbers;
  }
}
