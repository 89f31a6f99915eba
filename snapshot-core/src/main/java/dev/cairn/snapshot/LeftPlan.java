package dev.cairn.snapshot;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The plan of a run that did not clean up behind itself, as far as a later run needs it: what may
 * be outside the staging folder.
 *
 * @param text the whole of {@code plan.json}, empty without one
 */
record LeftPlan(String text) {
  private static final int SIZE_BYTES_MAX = 1 << 20;
  private static final String BUILDING = RestorePlan.step(RestorePlan.Step.BUILD);
  private static final String PUBLISHING = RestorePlan.step(RestorePlan.Step.PUBLISH);

  /** Reads it; a folder without a plan tells nothing. */
  static LeftPlan read(Disk disk, Path staging) {
    Path plan = staging.resolve(RestorePlan.FILE_NAME);
    return new LeftPlan(disk.exists(plan) ? text(disk, plan) : "");
  }

  Optional<Path> wal() {
    return field("wal").filter(wal -> !wal.isEmpty()).map(Path::of);
  }

  boolean publishing() {
    return text.contains(PUBLISHING);
  }

  /** Nothing of the run is in its place any more; durable when this returns. */
  void takeBack(Disk disk, Path staging) {
    RestorePlan.write(disk, staging, text.replace(PUBLISHING, BUILDING));
  }

  private static String text(Disk disk, Path plan) {
    try (DiskFile file = disk.open(plan, Disk.Mode.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.sizeBytes(), SIZE_BYTES_MAX));
      file.readFully(0, bytes);
      return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
  }

  private Optional<String> field(String name) {
    Matcher found = Pattern.compile("\"" + name + "\": \"((?:[^\"\\\\]|\\\\.)*)\"").matcher(text);
    return found.find() ? Optional.of(unquoted(found.group(1))) : Optional.empty();
  }

  private static String unquoted(String quoted) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < quoted.length(); i++) {
      char c = quoted.charAt(i);
      if (c != '\\') {
        plain.append(c);
      } else if (quoted.charAt(++i) == 'u') {
        plain.append((char) Integer.parseInt(quoted.substring(i + 1, i + 5), 16));
        i += 4;
      } else {
        plain.append(quoted.charAt(i));
      }
    }
    return plain.toString();
  }
}
