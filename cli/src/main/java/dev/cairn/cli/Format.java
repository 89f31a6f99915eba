package dev.cairn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How data is printed, as in etcdctl. */
enum Format {
  /** For people and {@code cut}. */
  SIMPLE,
  /** Cells between lines. */
  TABLE,
  /** One object a row. */
  JSON,
  /** One line a cell. */
  FIELDS;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names, for help and completion. */
  static final class Names extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Names() {
      for (Format format : Format.values()) {
        add(format.text());
      }
    }
  }

  /** From a name to a format. */
  static final class Parser implements ITypeConverter<Format> {
    @Override
    public Format convert(String text) {
      for (Format format : values()) {
        if (format.text().equals(text)) {
          return format;
        }
      }
      List<String> names = new Names();
      throw new TypeConversionException(
          "no output format \"" + text + "\"; there are " + String.join(", ", names));
    }
  }
}
