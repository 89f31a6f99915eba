package dev.cairn.benchmarks.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.reflect.TypeToken;
import dev.cairn.benchmarks.scenarios.Figure;
import dev.cairn.io.AtomicFile;
import dev.cairn.io.LocalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The measurements of one commit on one machine. What is measured again replaces what was there, so
 * that a long pass may be made in parts.
 */
public final class ResultFile {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private final Path path;
  private final JsonObject root;

  private ResultFile(Path path, JsonObject root) {
    this.path = path;
    this.root = root;
  }

  /**
   * Reads a result that is there.
   *
   * @param path the JSON file
   * @return what it holds
   * @throws IOException when it cannot be read
   */
  public static ResultFile read(Path path) throws IOException {
    return new ResultFile(path, JsonParser.parseString(Files.readString(path)).getAsJsonObject());
  }

  /**
   * Goes on with the result at that place, or begins it.
   *
   * @param path the JSON file
   * @param size {@code short} or {@code full}; a result of another size is begun anew
   * @param about what is known of machine and commit, by name
   * @return a result; nothing is written yet
   * @throws IOException when there is one that cannot be read
   */
  public static ResultFile of(Path path, String size, Map<String, String> about)
      throws IOException {
    ResultFile file = Files.exists(path) ? read(path) : new ResultFile(path, new JsonObject());
    if (!size.equals(file.size())) {
      file = new ResultFile(path, new JsonObject());
    }
    file.root.addProperty("size", size);
    file.root.add("about", GSON.toJsonTree(new TreeMap<>(about)));
    return file;
  }

  Path path() {
    return path;
  }

  /** The file's name without its ending. */
  String name() {
    return path.getFileName().toString().replaceFirst("\\.json$", "");
  }

  String size() {
    return root.has("size") ? root.get("size").getAsString() : "";
  }

  Map<String, String> about() {
    return GSON.fromJson(root.get("about"), new TypeToken<TreeMap<String, String>>() {}.getType());
  }

  /**
   * Adds what JMH wrote.
   *
   * @param json JMH's own file
   * @throws IOException when it cannot be read
   */
  public void addJmh(Path json) throws IOException {
    JsonArray added = JsonParser.parseString(Files.readString(json)).getAsJsonArray();
    List<String> keys = new ArrayList<>();
    added.forEach(each -> keys.add(key(each)));
    replace("jmh", each -> keys.contains(key(each)), added);
  }

  /** Which benchmark it is, with its parameters. */
  private static String key(JsonElement jmh) {
    JsonObject object = jmh.getAsJsonObject();
    return object.get("benchmark") + "/" + object.get("params") + "/" + object.get("mode");
  }

  /**
   * Adds what whole processes showed.
   *
   * @param figures of one scenario or several; those of the same scenarios are replaced
   */
  public void addFigures(List<Figure> figures) {
    replace(
        "scenarios",
        each ->
            figures.stream()
                .anyMatch(
                    figure ->
                        figure
                            .scenario()
                            .equals(each.getAsJsonObject().get("scenario").getAsString())),
        GSON.toJsonTree(figures).getAsJsonArray());
  }

  private void replace(String list, Predicate<JsonElement> replaced, JsonArray added) {
    JsonArray kept = new JsonArray();
    array(list).forEach(each -> kept.add(each));
    for (int i = kept.size() - 1; i >= 0; i--) {
      if (replaced.test(kept.get(i))) {
        kept.remove(i);
      }
    }
    kept.addAll(added);
    root.add(list, kept);
  }

  private JsonArray array(String list) {
    return root.has(list) ? root.getAsJsonArray(list) : new JsonArray();
  }

  List<Figure> figures() {
    return GSON.fromJson(array("scenarios"), new TypeToken<List<Figure>>() {}.getType());
  }

  List<Score> scores() {
    List<Score> scores = new ArrayList<>();
    array("jmh").forEach(each -> scores.addAll(Score.of(each.getAsJsonObject())));
    return scores;
  }

  /**
   * Writes the JSON file.
   *
   * @throws IOException when it cannot be written
   */
  public void write() throws IOException {
    write(path, GSON.toJson(root) + "\n");
  }

  static void write(Path file, String text) throws IOException {
    try (AtomicFile out = AtomicFile.createReadable(LocalDisk.INSTANCE, file)) {
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      out.commit();
    }
  }
}
