package com.example.cairn.shelf;

import java.util.HashMap;
import java.util.Map;

/** The newest version, and the files that it or a pinned one uses. Thread-safe. */
final class Versions {
  private final Map<ShelfFile, Integer> users = new HashMap<>();
  private Version current;

  Versions(Version first) {
    current = first;
    use(first);
  }

  synchronized Version current() {
    return current;
  }

  /** Keeps the files of the newest version open until it is let go. */
  synchronized Version pin() {
    use(current);
    return current;
  }

  private void use(Version version) {
    version.files().values().forEach(file -> users.merge(file, 1, Integer::sum));
  }

  /** Closes the files that nobody uses any more. */
  synchronized void letGo(Version version) {
    for (ShelfFile file : version.files().values()) {
      if (users.merge(file, -1, Integer::sum) == 0) {
        users.remove(file);
        file.close();
      }
    }
  }

  synchronized void replace(Version next) {
    Version before = current;
    use(next);
    current = next;
    letGo(before);
  }

  /** The length of the files that only pins keep. */
  synchronized long pinnedBytes() {
    return users.keySet().stream()
        .filter(file -> !current.files().containsValue(file))
        .mapToLong(ShelfFile::sizeBytes)
        .sum();
  }
}
