package dev.cairn.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The golden set of image rules v1: contents at every edge of the rules, and the size and SHA-256
 * of the image of each. An engine is right when the image of a store that got these batches is the
 * one named here. The values stand in the resource {@code image-rules-v1.golden} and never change.
 */
public final class GoldenContents {
  private static final String RESOURCE = "image-rules-v1.golden";

  /** What is known of one image. */
  private record Known(long sizeBytes, String sha256) {}

  private GoldenContents() {}

  /**
   * The edge set.
   *
   * @return contents with their golden values, in a fixed order
   */
  public static List<GoldenContent> edges() {
    Map<String, Known> known = read();
    List<GoldenContent> found = new ArrayList<>();
    EdgeContents.all()
        .forEach(
            (name, source) -> {
              Known image = known.getOrDefault(name, new Known(0, "not known yet"));
              found.add(new GoldenContent(name, source, image.sizeBytes(), image.sha256()));
            });
    return found;
  }

  /**
   * The golden SHA-256 of the image of a content that is kept as a file elsewhere.
   *
   * @param name its name in the resource
   * @return 64 lower-case hex digits
   * @throws IllegalArgumentException when there is no such name
   */
  public static String sha256(String name) {
    Known image = read().get(name);
    if (image == null) {
      throw new IllegalArgumentException("no golden value for " + name);
    }
    return image.sha256();
  }

  /**
   * Every name that has a golden value.
   *
   * @return in the order of the names
   */
  public static List<String> names() {
    return List.copyOf(read().keySet());
  }

  private static Map<String, Known> read() {
    try (InputStream in = GoldenContents.class.getResourceAsStream(RESOURCE)) {
      Map<String, Known> known = new TreeMap<>();
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .map(line -> line.split(" "))
          .forEach(word -> known.put(word[0], new Known(Long.parseLong(word[1]), word[2])));
      return known;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
