package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.testkit.BboltTool;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What is in bbolt files, damaged ones among them: as bbolt itself reads them where it can be
 * built, else as our own reader does, which is then the judge of restore alone.
 */
final class BboltContents {
  private static final String SOURCE = "boltcontents/main.go";
  private static final Path ANY = Path.of("/image");
  private static final int HASH_BYTES = 32;
  private static final long PATIENCE_SECONDS = 300;

  /**
   * What a file came to.
   *
   * @param hash content hash v1; null for a file that was not read
   * @param content null for a file that was not read, and where only hashes were asked for
   * @param failure why it was not read, or null
   */
  record Verdict(String hash, PlainContent content, String failure) {}

  private final Path directory;
  private final Optional<Path> program;

  private BboltContents(Path directory, Optional<Path> program) {
    this.directory = directory;
    this.program = program;
  }

  /** A judge that keeps its program and its batches in a directory of a test. */
  static BboltContents in(Path directory) {
    try (InputStream source = BboltContents.class.getResourceAsStream(SOURCE)) {
      Optional<Path> built = BboltTool.program(directory, "boltcontents", source.readAllBytes());
      System.out.println("the judge of contents: " + built.map(Path::toString).orElse("our own"));
      return new BboltContents(directory, built);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Verdict> contents(List<byte[]> files) {
    return program.isPresent() ? judge("dump", files) : own(files);
  }

  List<Verdict> hashes(List<byte[]> files) {
    return program.isPresent() ? judge("hash", files) : own(files);
  }

  private static List<Verdict> own(List<byte[]> files) {
    return files.stream().map(BboltContents::own).toList();
  }

  private static Verdict own(byte[] file) {
    try (ReadView view = SnapshotFile.inspect(new OneFileDisk(file), ANY).openView(true)) {
      return new Verdict(ContentHash.v1(view), PlainContent.of(view), null);
    } catch (StorageException e) {
      return new Verdict(null, null, e.getMessage());
    }
  }

  private List<Verdict> judge(String what, List<byte[]> files) {
    Path batch = directory.resolve("batch");
    Path answers = directory.resolve("answers");
    try {
      write(batch, files);
      run(what, batch, answers);
      return read(answers, files.size(), what.equals("dump"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path batch, List<byte[]> files) throws IOException {
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(batch))) {
      for (byte[] file : files) {
        out.writeInt(file.length);
        out.write(file);
      }
    }
  }

  private void run(String what, Path batch, Path answers) throws IOException {
    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder(program.get().toString(), what, batch.toString(), answers.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertEquals(0, ended ? process.exitValue() : -1, Files.readString(said));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<Verdict> read(Path answers, int count, boolean dump) throws IOException {
    List<Verdict> verdicts = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(answers));
    while (in.hasRemaining()) {
      boolean sound = in.get() == 0;
      byte[] hash = bytes(in, HASH_BYTES);
      ByteBuffer text = ByteBuffer.wrap(bytes(in, in.getInt()));
      PlainContent content = sound && dump ? PlainContent.parse(text) : null;
      verdicts.add(
          sound
              ? new Verdict("v1:" + HexFormat.of().formatHex(hash), content, null)
              : new Verdict(null, null, new String(text.array(), StandardCharsets.UTF_8)));
    }
    assertEquals(count, verdicts.size());
    return verdicts;
  }

  private static byte[] bytes(ByteBuffer in, int count) {
    byte[] bytes = new byte[count];
    in.get(bytes);
    return bytes;
  }
}
