package dev.cairn.snapshot;

import dev.cairn.io.AtomicFile;
import dev.cairn.io.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code plan.json} in a staging folder: what the run there is about to make, for a person or a
 * later run that finds it after a crash.
 *
 * <pre>
 * {"plan": 1, "id": "1f0c...", "step": "build" | "publish", "member": "/.../data/member",
 *  "format": "lmdb", "source": "/.../backup.db", "content": "v1:..."}
 * </pre>
 *
 * In step {@code build} nothing outside the staging folder belongs to the run; from step {@code
 * publish} on everything it built is durable, and {@code member} is there once it is published.
 *
 * @param id names the staging folder
 * @param member where the built folder goes
 * @param format what the database is
 * @param source which file it is made of
 * @param content its content hash
 */
record RestorePlan(String id, Path member, String format, Path source, String content) {
  static final String FILE_NAME = "plan.json";

  /** How far a run has come. */
  enum Step {
    BUILD,
    PUBLISH
  }

  /** Writes the plan, durable in its folder when this returns. */
  void write(Disk disk, Path staging, Step step) {
    byte[] text = json(step).getBytes(StandardCharsets.UTF_8);
    try (AtomicFile file = AtomicFile.create(disk, staging.resolve(FILE_NAME))) {
      file.write(ByteBuffer.wrap(text));
      file.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String json(Step step) {
    String texts =
        Stream.of(
                text("id", id),
                text("step", step.name().toLowerCase(Locale.ROOT)),
                text("member", member.toString()),
                text("format", format),
                text("source", source.toString()),
                text("content", content))
            .collect(Collectors.joining(", "));
    return "{\"plan\": 1, " + texts + "}\n";
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
