package dev.cairn.spi;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What an engine is, for a person and for a program.
 *
 * @param name {@code [a-z][a-z0-9-]{0,31}}, unique on the class path
 * @param libraryVersion name and version of the library beneath
 * @param formatVersion Cairn's version of the store file, from 1; a newer file is refused
 * @param limits at least {@link Limits#PORTABLE}
 * @param options what {@link BackendConfig#withOption} takes
 * @param longViewCost in a sentence: what an open view costs while commits go on
 */
public record EngineInfo(
    String name,
    String libraryVersion,
    int formatVersion,
    Limits limits,
    List<Option> options,
    String longViewCost) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /**
   * Checks the name and copies the list.
   *
   * @param name as above
   * @param libraryVersion as above
   * @param formatVersion as above
   * @param limits as above
   * @param options as above
   * @param longViewCost as above
   * @throws IllegalArgumentException for a name of another form
   */
  public EngineInfo {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("engine name \"" + name + "\" is not " + NAME);
    }
    options = List.copyOf(options);
  }

  /**
   * An option of an engine.
   *
   * @param name {@code <engine>.<nameWithUnit>}
   * @param defaultValue what holds when it is not given
   * @param meaning in a sentence
   */
  public record Option(String name, String defaultValue, String meaning) {}
}
