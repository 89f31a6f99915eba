package dev.cairn.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** The process's stdout as a stream that fails when its reader has gone, as {@code head} does. */
final class StandardOut extends OutputStream {
  private final PrintStream stdout;

  StandardOut(PrintStream stdout) {
    this.stdout = stdout;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    stdout.write(bytes, from, count);
    if (stdout.checkError()) {
      throw new IOException("stdout cannot be written to: its reader has gone or its disk is full");
    }
  }

  @Override
  public void flush() {
    stdout.flush();
  }
}
