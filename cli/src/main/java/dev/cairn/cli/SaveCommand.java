package dev.cairn.cli;

import dev.cairn.io.LocalDisk;
import dev.cairn.snapshot.Received;
import dev.cairn.snapshot.grpc.SnapshotFormat;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Saves a snapshot from a server or a store. */
@Command(
    name = "save",
    header = "Save a snapshot of a server or a store, verified.",
    description = {
      "Save a snapshot from a server (cairn's or etcd's) or from a store. The file is hashed while",
      "it comes in, and only a whole and right one gets its name; it replaces what is there.",
      "",
      "With OUT \"-\" the bytes go to stdout before they are proven: use them only when the exit",
      "code is 0; it is 3 when the hash did not match.",
      "",
      "Each flag for servers may come from the variable that etcdctl takes it from, such as",
      "ETCDCTL_ENDPOINTS, ETCDCTL_CACERT, ETCDCTL_USER.",
      "",
      "The last line tells bytes, seconds, MB/s and the SHA-256 of the image; with \"-\" on stderr."
    })
final class SaveCommand implements Callable<Integer>, OneArgument {
  private static final Path STDOUT = Path.of("-");

  private final Console console;
  @Spec private CommandSpec spec;
  @Mixin private OutputOptions output;

  @Mixin private final DialOptions dial;

  @ArgGroup(multiplicity = "0..1")
  private Origin origin;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = SnapshotFormats.class,
      completionCandidates = SnapshotFormats.Names.class,
      description =
          "With --db, the image to make: ${COMPLETION-CANDIDATES}. Default: etcd. A server chooses"
              + " itself.")
  private SnapshotFormat format;

  @Option(names = "--no-clobber", description = "Leave a file alone that is there: exit code 5.")
  private boolean noClobber;

  @Option(
      names = "--stall-timeout",
      paramLabel = "SPAN",
      defaultValue = "60s",
      converter = Durations.class,
      description = "Give up when a server sends nothing for so long. Default: ${DEFAULT-VALUE}.")
  private Duration stallTimeout;

  @Parameters(index = "0", paramLabel = "OUT", description = "The file to make, or - for stdout.")
  private Path out;

  SaveCommand(Console console, Surroundings surroundings) {
    this.console = console;
    this.dial = new DialOptions(surroundings);
  }

  @Override
  public String complaint() {
    return "snapshot save expects one argument";
  }

  @Override
  public Integer call() throws IOException {
    boolean toStdout = out.equals(STDOUT);
    SnapshotSource source = source();
    long start = System.nanoTime();
    Received saved = OnExit.during(() -> saveInTime(source, toStdout), source::close);
    double seconds = (System.nanoTime() - start) / 1e9;
    tell(saved, seconds, toStdout);
    return 0;
  }

  /** In etcdctl's words, and before any server is asked. */
  private void checkDirectory() {
    Path directory = out.toAbsolutePath().getParent();
    if (directory != null && !LocalDisk.INSTANCE.exists(directory)) {
      throw StorageException.of(
          Code.NOT_FOUND,
          "could not open %1$s.part (open %1$s.part: no such file or directory)".formatted(out));
    }
  }

  private Received saveInTime(SnapshotSource source, boolean toStdout) throws IOException {
    try (Deadline deadline = new Deadline(dial.commandTimeout(), source::close)) {
      try {
        return save(source, toStdout);
      } catch (StorageException stopped) {
        throw deadline.passed()
            ? StorageException.of(Code.UNAVAILABLE, "context deadline exceeded")
            : stopped;
      }
    }
  }

  private Received save(SnapshotSource source, boolean toStdout) throws IOException {
    try (source;
        ProgressBar bar = new ProgressBar(console, "saving")) {
      if (!toStdout) {
        checkDirectory();
      }
      return toStdout
          ? source.copyTo(new OutChannel(console.out()))
          : source.save(out, noClobber, bar);
    }
  }

  private SnapshotSource source() {
    if (origin != null && origin.db != null) {
      return new StoreSource(origin.db, format == null ? SnapshotFormat.ETCD : format);
    }
    String endpoint = endpoint();
    if (format != null) {
      throw usage(
          "--format goes with --db; a server chooses itself (cairn serve --snapshot-format)");
    }
    try {
      return new ServerSource(endpoint, dial.config().withStallMillis(stallTimeout.toMillis()));
    } catch (IllegalArgumentException malformed) {
      throw usage(malformed.getMessage());
    }
  }

  private String endpoint() {
    String text =
        Optional.ofNullable(origin)
            .map(it -> it.endpoint)
            .or(dial::endpoints)
            .orElseThrow(() -> usage("name a server with --endpoint or a store with --db"));
    String[] endpoints = text.split(",", -1);
    if (endpoints.length > 1) {
      throw new PlainUsageException(
          spec.commandLine(),
          "snapshot must be requested to one selected node, not multiple ["
              + String.join(" ", endpoints)
              + "]");
    }
    return endpoints[0];
  }

  private ParameterException usage(String line) {
    return new ParameterException(spec.commandLine(), line);
  }

  private void tell(Received saved, double seconds, boolean toStdout) {
    double rate = saved.imageBytes() / 1e6 / Math.max(seconds, 1e-9);
    Sheet.of(
            output.format(),
            toStdout ? console.err() : console.out(),
            Column.number("BYTES", "bytes", "Bytes"),
            Column.number("SECONDS", "seconds", "Seconds"),
            Column.number("RATE", "megabytesPerSecond", "MegabytesPerSecond"),
            Column.text("HASH", "sha256", "Sha256"))
        .only(
            Cell.shown(saved.imageBytes() + " bytes", saved.imageBytes()),
            decimal(seconds, 3, "s"),
            decimal(rate, 1, "MB/s"),
            new Cell("SHA-256 " + saved.sha256Hex(), saved.sha256Hex()));
  }

  private static Cell decimal(double number, int digits, String unit) {
    String text = String.format(Locale.ROOT, "%." + digits + "f", number);
    return new Cell(text + " " + unit, Double.valueOf(text));
  }

  /** A server or a file. */
  static final class Origin {
    @Option(
        names = {"--endpoint", "--endpoints"},
        required = true,
        paramLabel = "URL",
        description =
            "The server to ask, one only: https://HOST:PORT, http://HOST:PORT, or HOST:PORT, which"
                + " is encrypted when --cacert or --cert is given.")
    private String endpoint;

    @Option(
        names = "--db",
        required = true,
        paramLabel = "FILE",
        description = "The store to read, while nobody has it open to write.")
    private Path db;
  }
}
