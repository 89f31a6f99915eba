package dev.cairn.snapshot.grpc;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Keeps what a class logs as a warning, until it is closed. */
final class WarningLog implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler handler = new Keeping();
  private final Logger logger;

  WarningLog(Class<?> source) {
    logger = Logger.getLogger(source.getName());
    logger.addHandler(handler);
  }

  List<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
  }

  private final class Keeping extends Handler {
    @Override
    public void publish(LogRecord message) {
      if (message.getLevel() == Level.WARNING) {
        lines.add(MessageFormat.format(message.getMessage(), message.getParameters()));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
