package dev.cairn.cli;

import dev.cairn.snapshot.CheckReport;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;

/** What a deep check found: data on stdout, one line of error on stderr. */
final class Findings {
  private Findings() {}

  static void throwIfAny(Path file, CheckReport report, Console console) {
    if (report.ok()) {
      return;
    }
    report.findings().forEach(console.out()::println);
    new Notes(report.notes(), Format.SIMPLE).print(console.out());
    throw StorageException.of(
        Code.CORRUPT,
        file,
        "%d findings, the first: %s; restore it from a snapshot"
            .formatted(report.findings().size(), report.findings().get(0)));
  }
}
