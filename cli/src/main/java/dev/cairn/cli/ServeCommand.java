package dev.cairn.cli;

import dev.cairn.snapshot.grpc.MaintenanceConfig;
import dev.cairn.snapshot.grpc.MaintenanceServer;
import dev.cairn.snapshot.grpc.ServerIdentity;
import dev.cairn.snapshot.grpc.ServerTls;
import dev.cairn.snapshot.grpc.SnapshotFormat;
import dev.cairn.store.Store;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves a store's snapshots until SIGTERM. */
@Command(
    name = "serve",
    header = "Serve the snapshots of a store, as etcd does.",
    description = {
      "Serve a store with etcd's Maintenance service, its keys for reading, and gRPC's health and",
      "reflection.",
      "The first line of stdout is the bound address, the second one that of --http-listen; "
          + "SIGTERM or SIGINT ends it cleanly."
    })
final class ServeCommand implements Callable<Integer> {
  private final Console console;
  private final Function<Path, ServerIdentity> identities;
  @Spec private CommandSpec spec;
  @Mixin private EngineOptions options;
  @Mixin private ServeSafety safety;
  @Mixin private HttpOptions http;

  @ArgGroup(multiplicity = "1")
  private StoreLocation location;

  @Option(
      names = "--engine",
      paramLabel = "E",
      description = "Open with this engine; by default the file tells.")
  private String engine;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:2379",
      converter = ListenAddress.class,
      description = "Where to listen; port 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  private InetSocketAddress listen;

  @Option(
      names = "--insecure-listen",
      description =
          "Listen beyond this machine although nothing is encrypted and everybody may read; TLS"
              + " needs no leave.")
  private boolean insecureListen;

  @Option(
      names = "--snapshot-format",
      paramLabel = "FORMAT",
      defaultValue = "etcd",
      converter = SnapshotFormats.class,
      completionCandidates = SnapshotFormats.Names.class,
      description = "The image to send: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private SnapshotFormat format;

  @Option(
      names = "--chunk-bytes",
      paramLabel = "N",
      description =
          "Bytes of the image a message; 32768 is etcd's framing. Default: ${DEFAULT-VALUE}.")
  private int chunkBytes = MaintenanceConfig.CHUNK_BYTES_DEFAULT;

  ServeCommand(Console console) {
    this(console, LoggedMember::of);
  }

  /**
   * A command that knows more of a data directory than its store.
   *
   * @param identities who the member is whose data directory is served
   */
  ServeCommand(Console console, Function<Path, ServerIdentity> identities) {
    this.console = console;
    this.identities = identities;
  }

  @Override
  public Integer call() {
    Optional<ServerTls> tls = safety.tls();
    if (tls.isEmpty()) {
      checkListen(listen);
      http.address().ifPresent(this::checkListen);
    }
    ServerIdentity identity =
        location.dataDir == null ? ServerIdentity.NONE : identities.apply(location.dataDir);
    MaintenanceConfig config =
        safety.guard(
            MaintenanceConfig.defaults()
                .withSnapshotFormat(format)
                .withChunkBytes(chunkBytes)
                .withIdentity(() -> identity));
    CountDownLatch end = new CountDownLatch(1);
    Signals signals = Signals.onTermination(end::countDown);
    try (Store store = Stores.open(location.file(), engine, options, http.metrics());
        MaintenanceServer server = start(store, config, tls);
        HttpOptions.Door door = http.open(server.service(), store, tls)) {
      tellAddress(listen, server.address().getPort());
      door.address().ifPresent(bound -> tellAddress(http.address().get(), bound.getPort()));
      await(end);
    } finally {
      signals.close();
    }
    return 0;
  }

  private MaintenanceServer start(Store store, MaintenanceConfig config, Optional<ServerTls> tls) {
    return tls.isPresent()
        ? MaintenanceServer.start(store, listen, config, tls.get())
        : MaintenanceServer.start(store, listen, config);
  }

  /** As it was asked for, with the port that was taken: a wildcard is bound under another name. */
  private void tellAddress(InetSocketAddress asked, int port) {
    console.out().println(ListenAddress.text(new InetSocketAddress(asked.getAddress(), port)));
    console.out().flush();
  }

  /** Until a signal comes, or whoever runs this in a process of his own interrupts it. */
  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException told) {
      // To end is all that there is to do.
    }
  }

  private void checkListen(InetSocketAddress asked) {
    if (!insecureListen && !asked.getAddress().isLoopbackAddress()) {
      throw new ParameterException(
          spec.commandLine(),
          "%s is reachable from other machines and nothing is encrypted; listen on 127.0.0.1, give"
                  .formatted(ListenAddress.text(asked))
              + " --cert-file and --key-file, or add --insecure-listen");
    }
  }

  /** A data directory or a file. */
  static final class StoreLocation {
    @Option(
        names = "--data-dir",
        required = true,
        paramLabel = "DIR",
        description = "A data directory as restore makes it: the store is DIR/member/snap/db.")
    private Path dataDir;

    @Option(
        names = "--db",
        required = true,
        paramLabel = "FILE",
        description = "The store's main file.")
    private Path db;

    Path file() {
      return db != null ? db : dataDir.resolve("member").resolve("snap").resolve("db");
    }
  }
}
