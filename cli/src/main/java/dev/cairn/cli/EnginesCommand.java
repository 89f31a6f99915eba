package dev.cairn.cli;

import dev.cairn.spi.Engine;
import dev.cairn.spi.EngineInfo;
import dev.cairn.spi.Engines;
import dev.cairn.spi.Limits;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the engines on the class path; loads no native code. */
@Command(
    name = "engines",
    header = "List the engines: version, limits, cost of a long view, options.")
final class EnginesCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private OutputOptions output;

  EnginesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<EngineInfo> engines =
        Engines.all().stream().map(Engine::info).collect(Collectors.toList());
    if (output.format() == Format.SIMPLE) {
      describe(engines, console.out());
    } else {
      rows(engines);
    }
    return 0;
  }

  /** One block each, with an empty line between them. */
  private static void describe(List<EngineInfo> engines, PrintStream out) {
    for (int i = 0; i < engines.size(); i++) {
      if (i > 0) {
        out.println();
      }
      describe(engines.get(i), out);
    }
  }

  private static void describe(EngineInfo info, PrintStream out) {
    Limits limits = info.limits();
    out.println(
        info.name() + "  " + info.libraryVersion() + ", store format " + info.formatVersion());
    out.println(
        "  limits     name %d B, key %d B, value %s, %s buckets, batch %s"
            .formatted(
                limits.bucketNameBytesMax(),
                limits.keyBytesMax(),
                Sizes.binary(limits.valueBytesMax()),
                limits.bucketsMax(),
                Sizes.binary(limits.batchBytesMax())));
    out.println("  long view  " + info.longViewCost());
    for (EngineInfo.Option option : info.options()) {
      out.println(
          "  -O %s=%s  %s".formatted(option.name(), option.defaultValue(), option.meaning()));
    }
  }

  private void rows(List<EngineInfo> engines) {
    Sheet sheet =
        output.sheet(
            console.out(),
            Column.text("ENGINE", "engine", "Engine"),
            Column.text("LIBRARY", "library", "Library"),
            Column.number("FORMAT", "formatVersion", "Format"),
            Column.number("NAME MAX", "bucketNameBytesMax", "NameBytesMax"),
            Column.number("KEY MAX", "keyBytesMax", "KeyBytesMax"),
            Column.number("VALUE MAX", "valueBytesMax", "ValueBytesMax"),
            Column.number("BUCKETS MAX", "bucketsMax", "BucketsMax"),
            Column.number("BATCH MAX", "batchBytesMax", "BatchBytesMax"),
            Column.text("LONG VIEW", "longViewCost", "LongViewCost"),
            Column.text("OPTIONS", "options", "Options"));
    for (EngineInfo info : engines) {
      Limits limits = info.limits();
      sheet.row(
          Cell.of(info.name()),
          Cell.of(info.libraryVersion()),
          Cell.of(info.formatVersion()),
          Cell.of(limits.bucketNameBytesMax()),
          Cell.of(limits.keyBytesMax()),
          Cell.of(limits.valueBytesMax()),
          Cell.of(limits.bucketsMax()),
          Cell.of(limits.batchBytesMax()),
          Cell.of(info.longViewCost()),
          Cell.of(options(info)));
    }
    sheet.end();
  }

  private static String options(EngineInfo info) {
    return info.options().stream()
        .map(option -> option.name() + "=" + option.defaultValue())
        .collect(Collectors.joining(" "));
  }
}
