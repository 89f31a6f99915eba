package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.spi.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** How words are read and data is written. */
class TextsTest {
  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "9,9 B",
    "10,10 B",
    "999,999 B",
    "1000,1.0 kB",
    "9949,9.9 kB",
    "9950,10 kB",
    "20480,20 kB",
    "21500,22 kB",
    "999949,1000 kB",
    "1000000,1.0 MB",
    "2752512,2.8 MB",
    "81088512,81 MB",
    "9223372036854775807,9.2 EB"
  })
  void sizesAsEtcdctlPrintsThem(long bytes, String shown) {
    assertEquals(shown, Sizes.decimal(bytes));
  }

  @ParameterizedTest
  @CsvSource({"0,0 B", "511,511 B", "1024,1 KiB", "1025,1025 B", "8388608,8 MiB", "1536,1536 B"})
  void limitsInWholePowers(long bytes, String shown) {
    assertEquals(shown, Sizes.binary(bytes));
  }

  @Test
  void jsonIsEscaped() {
    assertEquals("\"a\\\"b\\\\c\\u000a\\u007fé\"", Json.quoted("a\"b\\c\n\u007fé"));
  }

  @Test
  void bytesAreShownAndReadAsTextOrHex() {
    BytesText text = new BytesText(false);
    BytesText hex = new BytesText(true);
    byte[] bytes = {'a', '\\', 0, (byte) 0xff, '~', 0x7f};
    assertEquals("a\\\\\\x00\\xff~\\x7f", text.show(bytes));
    assertEquals("615c00ff7e7f", hex.show(bytes));
    assertArrayEquals(bytes, hex.parse("615C00ff7e7f"));
    assertArrayEquals("é".getBytes(StandardCharsets.UTF_8), text.parse("é"));
    assertThrows(StorageException.class, () -> hex.parse("6"));
    assertThrows(StorageException.class, () -> hex.parse("zz"));
  }

  @Test
  void misspeltNamesFindTheirNeighbour() {
    List<String> names = List.of("engines", "serve", "snapshot", "scan", "status");
    assertEquals(Optional.of("snapshot"), Suggestions.closest("snapshoot", names));
    assertEquals(Optional.of("serve"), Suggestions.closest("sevre", names));
    assertEquals(Optional.of("engines"), Suggestions.closest("engine", names));
    assertEquals(Optional.empty(), Suggestions.closest("backup", names));
    assertEquals(1, Suggestions.distance("ab", "ba"));
    assertEquals(3, Suggestions.distance("", "abc"));
    assertEquals(3, Suggestions.distance("kitten", "sitting"));
  }

  @Test
  void timeSpans() {
    Durations spans = new Durations();
    assertEquals(Duration.ofMillis(500), spans.convert("500ms"));
    assertEquals(Duration.ofMinutes(1), spans.convert("60s"));
    assertEquals(Duration.ofMinutes(2), spans.convert("2m"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "60", "0s", "-1s", "1h", "s", "1.5s", "99999999999s"})
  void wrongTimeSpans(String text) {
    assertThrows(TypeConversionException.class, () -> new Durations().convert(text));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:0,127.0.0.1:0",
    "localhost:2379,127.0.0.1:2379",
    "[::1]:65535,[0:0:0:0:0:0:0:1]:65535",
    "0.0.0.0:1,0.0.0.0:1"
  })
  void addresses(String text, String shown) {
    InetSocketAddress address = new ListenAddress().convert(text);
    assertEquals(shown, ListenAddress.text(address));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":1", "localhost", "localhost:", "localhost:65536", "::1:1", "a:-1"})
  void wrongAddresses(String text) {
    assertThrows(TypeConversionException.class, () -> new ListenAddress().convert(text));
  }

  @Test
  void sheetsInEachFormat() {
    assertEquals("x, 12 B\ny\"\\, 9 B\n", sheet(Format.SIMPLE));
    assertEquals(
        "{\"name\":\"x\",\"size\":12}\n{\"name\":\"y\\\"\\\\\",\"size\":9}\n", sheet(Format.JSON));
    assertEquals(
        "\"Name\" : \"x\"\n\"Size\" : 12\n\n\"Name\" : \"y\\\"\\\\\"\n\"Size\" : 9\n",
        sheet(Format.FIELDS));
    assertEquals(
        """
        +------+------+
        | NAME | SIZE |
        +------+------+
        | x    | 12 B |
        | y"\\  |  9 B |
        +------+------+
        """,
        sheet(Format.TABLE));
  }

  private static String sheet(Format format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    Sheet sheet =
        Sheet.of(
            format,
            out,
            Column.text("NAME", "name", "Name"),
            Column.number("SIZE", "size", "Size"));
    sheet.row(Cell.of("x"), Cell.bytes(12));
    sheet.row(Cell.of("y\"\\"), Cell.bytes(9));
    sheet.end();
    out.flush();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aStdoutWithoutReaderFails() {
    PrintStream gone = new PrintStream(new Broken());
    StandardOut out = new StandardOut(gone);
    assertThrows(IOException.class, () -> out.write(1));
    OutChannel channel = new OutChannel(new PrintStream(out));
    assertThrows(
        IOException.class, () -> channel.write(java.nio.ByteBuffer.wrap(new byte[100_000])));
  }

  private static final class Broken extends java.io.OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("broken pipe");
    }
  }
}
