package dev.cairn.benchmarks.scenarios;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The same content saved over loopback: by cairn and by etcdctl, from cairn and from etcd. */
final class SaveBesideEtcd {
  private final Checkout checkout;
  private final Path folder;
  private final int mebibytes;
  private final Content content;

  SaveBesideEtcd(Checkout checkout, Path folder, int mebibytes, Content content) {
    this.checkout = checkout;
    this.folder = folder;
    this.mebibytes = mebibytes;
    this.content = content;
  }

  List<Figure> run(int rounds) throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    // While a server has the store nobody else may open it.
    content.snapshot();
    int lmdb = Program.freePort();
    int bbolt = Program.freePort();
    int etcd = Program.freePort();
    try (Program lmdbServer = serve("lmdb", lmdb);
        Program bboltServer = serve("bbolt", bbolt);
        Program etcdServer = Checkout.hasEtcd() ? etcd(etcd) : null) {
      // A server runs for long: each has served a save before one is counted.
      for (int round = -1; round < rounds; round++) {
        figures.add(save("cairn from cairn (lmdb)", round, lmdbServer, cairn(lmdb)));
        figures.add(save("cairn from cairn (bbolt)", round, bboltServer, cairn(bbolt)));
        if (etcdServer != null) {
          figures.add(save("etcdctl from etcd", round, etcdServer, etcdctl(etcd)));
          figures.add(save("cairn from etcd", round, etcdServer, cairn(etcd)));
        }
      }
    }
    figures.removeIf(each -> each.round() < 0);
    return figures;
  }

  private Program serve(String engine, int port) throws IOException, InterruptedException {
    return Program.start(
            folder,
            checkout.cairn("serve", "--db=" + content.store(engine), "--listen=127.0.0.1:" + port))
        .awaitPort(port);
  }

  private Program etcd(int port) throws IOException, InterruptedException {
    String client = "http://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + Program.freePort();
    return Program.start(
            folder,
            Program.of(
                "etcd",
                "--data-dir=" + content.etcdDirectory(),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer))
        .awaitPort(port);
  }

  private Path out() {
    return folder.resolve("saved.db");
  }

  private ProcessBuilder cairn(int port) {
    return checkout.cairn(
        "snapshot", "save", out().toString(), "--endpoint=http://127.0.0.1:" + port);
  }

  private ProcessBuilder etcdctl(int port) {
    return Program.of(
        "etcdctl",
        "--endpoints=http://127.0.0.1:" + port,
        "--command-timeout=1800s",
        "snapshot",
        "save",
        out().toString());
  }

  private Figure save(String subject, int round, Program server, ProcessBuilder client)
      throws IOException, InterruptedException {
    server.forgetMemory();
    Map<String, Double> values = Program.run(folder, client);
    values.putAll(server.memory("server "));
    values.put("bytes", (double) Files.size(out()));
    Files.delete(out());
    return new Figure("save", subject, mebibytes, round, values);
  }
}
