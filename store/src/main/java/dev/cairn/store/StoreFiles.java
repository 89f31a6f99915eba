package dev.cairn.store;

import dev.cairn.io.Disk;
import dev.cairn.spi.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of a store's files while it is being replaced. A sidecar's name is that of the main
 * file with something behind it.
 *
 * <pre>
 * db          the store
 * db.new      being built; removed when the store is opened
 * db.old.N    replaced, and open to its readers; removed when the store is opened
 * </pre>
 *
 * Where {@code db} is absent a replacement was cut short, and the {@code db.old.N} of the highest N
 * is the store. Sidecars move before the main file, so those of {@code db.old.N} alone belong to
 * {@code db}. None of these moves is synced here: whatever a power cut keeps of them is put right
 * in the same way.
 */
final class StoreFiles {
  private final Disk disk;
  private final Path main;
  private final Pattern leftover;

  StoreFiles(Disk disk, Path main) {
    this.disk = disk;
    this.main = main;
    String name = Pattern.quote(main.getFileName().toString());
    leftover = Pattern.compile(name + "\\.(?:new|old\\.(?<number>[0-9]{1,9}))(?:[.-].*)?");
  }

  Path main() {
    return main;
  }

  Path building() {
    return main.resolveSibling(main.getFileName() + ".new");
  }

  private Path old(int number) {
    return main.resolveSibling(main.getFileName() + ".old." + number);
  }

  /** Puts right what a cut short replacement left; before the store is opened. */
  void recover() {
    int newest = 0;
    for (Path each : leftovers()) {
      newest = Math.max(newest, number(each));
    }
    if (newest > 0 && !(disk.exists(main) && disk.exists(old(newest)))) {
      moveBack(newest);
    }
  }

  /** Removes what replacements left; only by who has the store open. */
  void clean() {
    leftovers().forEach(disk::delete);
  }

  /** Makes way for the next main file; what is open stays so under its new name. */
  void moveAside(Engine engine, int number) {
    for (Path each : engine.files(main)) {
      if (disk.exists(each)) {
        disk.rename(each, withPrefix(each, main, old(number)));
      }
    }
  }

  /** The inverse; a sidecar whose place is taken stays behind. */
  void moveBack(int number) {
    for (Path each : filesOf(old(number))) {
      Path target = withPrefix(each, old(number), main);
      if (!disk.exists(target)) {
        disk.rename(each, target);
      }
    }
  }

  /** Removes a replaced store, sidecars first: without the main file they would be put back. */
  void deleteOld(int number) {
    filesOf(old(number)).forEach(disk::delete);
  }

  /** Removes what is beside a closed store file. */
  void deleteSidecars(Engine engine, Path file) {
    for (Path each : engine.files(file)) {
      if (!each.equals(file)) {
        disk.delete(each);
      }
    }
  }

  /** Removes a store that was being built, whatever is there of it. */
  void deleteBuilding() {
    for (Path each : leftovers()) {
      if (number(each) == 0) {
        disk.delete(each);
      }
    }
  }

  private List<Path> leftovers() {
    List<Path> found = new ArrayList<>();
    for (Path each : disk.list(main.getParent())) {
      if (leftover.matcher(each.getFileName().toString()).matches()) {
        found.add(each);
      }
    }
    found.sort(MAIN_LAST);
    return found;
  }

  /** A main file's name is the shortest of its family. */
  private static final Comparator<Path> MAIN_LAST =
      Comparator.comparingInt((Path each) -> -each.getFileName().toString().length());

  /** The number of an old file, 0 of a new one. */
  private int number(Path each) {
    Matcher matcher = leftover.matcher(each.getFileName().toString());
    return matcher.matches() && matcher.group("number") != null
        ? Integer.parseInt(matcher.group("number"))
        : 0;
  }

  private List<Path> filesOf(Path old) {
    int wanted = number(old);
    return leftovers().stream().filter(each -> number(each) == wanted).toList();
  }

  private static Path withPrefix(Path each, Path from, Path to) {
    String suffix = each.getFileName().toString().substring(from.getFileName().toString().length());
    return to.resolveSibling(to.getFileName() + suffix);
  }
}
