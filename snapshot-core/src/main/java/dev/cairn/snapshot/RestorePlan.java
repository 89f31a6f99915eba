package dev.cairn.snapshot;

import dev.cairn.io.AtomicFile;
import dev.cairn.io.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code plan.json} in a staging folder: what the run there is about to make, for a person or a
 * later run that finds it after a crash.
 *
 * <pre>
 * {"plan": 1, "id": "1f0c...", "step": "build" | "publish", "member": "/.../data/member",
 *  "wal": "/.../wal" | "", "format": "lmdb", "source": "/.../backup.db", "content": "v1:..."}
 * </pre>
 *
 * In step {@code build} nothing outside the staging folders belongs to the run; from step {@code
 * publish} on everything it built is durable, a WAL directory of its own goes to its place, and
 * then {@code member}: once that is there the work is done.
 *
 * @param id names the staging folders
 * @param member where the built folder goes
 * @param wal where the WAL goes when that is outside the data directory
 * @param format what the database is
 * @param source which file it is made of
 * @param content its content hash
 */
record RestorePlan(
    String id, Path member, Optional<Path> wal, String format, Path source, String content) {
  static final String FILE_NAME = "plan.json";

  /** How far a run has come. */
  enum Step {
    BUILD,
    PUBLISH
  }

  /** Writes the plan, durable in its folder when this returns. */
  void write(Disk disk, Path staging, Step step) {
    write(disk, staging, json(step));
  }

  static void write(Disk disk, Path staging, String text) {
    try (AtomicFile file = AtomicFile.create(disk, staging.resolve(FILE_NAME))) {
      file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      file.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String json(Step step) {
    String texts =
        Stream.of(
                text("id", id),
                step(step),
                text("member", member.toString()),
                text("wal", wal.map(Path::toString).orElse("")),
                text("format", format),
                text("source", source.toString()),
                text("content", content))
            .collect(Collectors.joining(", "));
    return "{\"plan\": 1, " + texts + "}\n";
  }

  /** The field that tells how far it has come. */
  static String step(Step step) {
    return text("step", step.name().toLowerCase(Locale.ROOT));
  }

  private static String text(String name, String value) {
    StringBuilder quoted = new StringBuilder("\"" + name + "\": \"");
    for (char c : value.toCharArray()) {
      if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c == '"' || c == '\\' ? "\\" : "").append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
