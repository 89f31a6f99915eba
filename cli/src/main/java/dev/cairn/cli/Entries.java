package dev.cairn.cli;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * Prints keys and values. {@code simple} is for people: escaped text; {@code json} has base64 as
 * etcdctl's.
 */
final class Entries {
  private final Sheet sheet;
  private final Format format;
  private final Console console;
  private final BytesText text;

  private Entries(OutputOptions output, Console console, BytesText text) {
    this.format = output.format();
    this.console = console;
    this.text = text;
    this.sheet =
        output.sheet(
            console.out(),
            Column.text("KEY", "key", "Key"),
            Column.text("VALUE", "value", "Value"));
  }

  static Entries print(OutputOptions output, Console console, BytesText text) {
    return new Entries(output, console, text);
  }

  /** The one value that was asked for. */
  void value(byte[] key, byte[] value) {
    if (format == Format.SIMPLE) {
      console.out().println(text.show(value));
    } else {
      sheet.only(cell(ByteBuffer.wrap(key)), cell(ByteBuffer.wrap(value)));
    }
  }

  /** An entry of many. */
  void row(ByteBuffer key, ByteBuffer value) {
    if (format == Format.SIMPLE) {
      console.out().println(text.show(key) + "\t" + text.show(value));
    } else {
      sheet.row(cell(key), cell(value));
    }
  }

  void end() {
    sheet.end();
  }

  private Cell cell(ByteBuffer bytes) {
    String shown = text.show(bytes);
    if (format != Format.JSON) {
      return Cell.of(shown);
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return new Cell(shown, Base64.getEncoder().encodeToString(copy));
  }
}
