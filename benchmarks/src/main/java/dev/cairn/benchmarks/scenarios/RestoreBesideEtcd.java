package dev.cairn.benchmarks.scenarios;

import dev.cairn.benchmarks.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The same snapshot restored to a data directory by cairn and by etcdctl. */
final class RestoreBesideEtcd {
  private final Checkout checkout;
  private final Path folder;
  private final int mebibytes;
  private final Content content;

  RestoreBesideEtcd(Checkout checkout, Path folder, int mebibytes, Content content) {
    this.checkout = checkout;
    this.folder = folder;
    this.mebibytes = mebibytes;
    this.content = content;
  }

  List<Figure> run(int rounds) throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      figures.add(restore("cairn to bbolt", round, cairn("bbolt")));
      if (Checkout.hasEtcd()) {
        figures.add(restore("etcdctl", round, etcdctl()));
      }
      figures.add(restore("cairn to lmdb", round, cairn("lmdb")));
    }
    return figures;
  }

  private Path out() {
    return folder.resolve("restored");
  }

  private ProcessBuilder cairn(String engine) throws IOException, InterruptedException {
    return checkout.cairn(
        "snapshot",
        "restore",
        content.snapshot().toString(),
        "--data-dir=" + out(),
        "--engine=" + engine);
  }

  private ProcessBuilder etcdctl() throws IOException, InterruptedException {
    return Program.of(
        "etcdctl", "snapshot", "restore", content.snapshot().toString(), "--data-dir=" + out());
  }

  private Figure restore(String subject, int round, ProcessBuilder program)
      throws IOException, InterruptedException {
    Map<String, Double> values = Program.run(folder, program);
    values.put("bytes", (double) Files.size(content.snapshot()));
    WorkFolder.delete(out());
    return new Figure("restore", subject, mebibytes, round, values);
  }
}
