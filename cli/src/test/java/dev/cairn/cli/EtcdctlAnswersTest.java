package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What etcdctl prints of a real etcd it prints of us, who serve the same data directory from a
 * store of each engine. These differ, and are left out:
 *
 * <ul>
 *   <li>how long something took, and the endpoint;
 *   <li>{@code version}: ours says whose it is;
 *   <li>{@code dbSize} and {@code dbSizeInUse}: each engine has files of its own;
 *   <li>{@code raftIndex} and {@code raftAppliedIndex}: a sign-in, which only the real one asks
 *       for, is an entry of its log;
 *   <li>{@code -w fields} of alarms: etcdctl 3.4 dies of it, whoever answers.
 * </ul>
 */
class EtcdctlAnswersTest {
  private static final List<String> ENGINES = List.of("lmdb", "mapdb", "h2", "bbolt");

  /** Also where the machine is busy with other things. */
  private static final List<String> PATIENT =
      List.of("--command-timeout=60s", "--dial-timeout=60s");

  private static final List<String> FORMATS = List.of("simple", "json", "table", "fields");

  @TempDir Path directory;
  private EtcdTools tools;
  private int compared;

  @BeforeEach
  void find() throws IOException {
    Optional<EtcdTools> found = EtcdTools.find();
    assertTrue(found.isPresent() || !"true".equals(System.getenv("CI")), "CI has no etcd");
    assumeTrue(found.isPresent(), "no etcd and etcdctl on the PATH");
    tools = found.get();
    assumeTrue(
        tools.version().startsWith("3.4."), "later versions print more than 3.4, as they are told");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fixture.class,
      names = {"TINY", "RICH"})
  void etcdctlPrintsTheSame(Fixture fixture) throws IOException {
    Path data = directory.resolve("data");
    Cli.run("snapshot", "restore", fixture.unpack(directory), "--data-dir", data).ok();
    Map<String, String> real;
    try (RealEtcd etcd = RealEtcd.start(tools, data)) {
      if (fixture == Fixture.TINY) {
        etcd.ask("put", "zz-last", "written by etcd");
      }
      real = answers(etcd.endpoint(), fixture.user(), questions(fixture));
    }
    List<Path> copies = new ArrayList<>();
    for (String engine : ENGINES) {
      copies.add(copy(data, engine));
    }
    Map<String, String> realAfter;
    try (RealEtcd etcd = RealEtcd.start(tools, data)) {
      realAfter = answers(etcd.endpoint(), fixture.user(), disarming());
    }
    for (Path copy : copies) {
      try (Serving ours = new Serving("--data-dir", copy)) {
        String[] nobody = {};
        assertSame(real, answers(ours.endpoint(), nobody, questions(fixture)), copy);
        assertSame(realAfter, answers(ours.endpoint(), nobody, disarming()), copy);
      }
    }
    assertEquals(
        fixture == Fixture.RICH, real.get("alarm list").contains("alarm:NOSPACE"), real::toString);
    assertTrue(real.get("endpoint health").contains("is healthy"), real::toString);
    TestRun.report("answers compared, " + fixture.label, compared);
  }

  private static List<String> questions(Fixture fixture) {
    List<String> questions = new ArrayList<>(List.of("alarm list", "alarm list -w json"));
    for (String format : FORMATS) {
      for (String what : List.of("status", "health", "hashkv")) {
        questions.add("endpoint " + what + " -w " + format);
      }
    }
    questions.add("endpoint health");
    questions.add("endpoint hashkv --rev " + fixture.revision);
    questions.add("get health -w json");
    questions.add("get zz-last");
    questions.add("get zz-last -w fields");
    questions.add("get --prefix -w json --limit 3 k");
    questions.add(
        "get --from-key -w json --limit 5 --keys-only --sort-by MODIFY --order DESCEND a");
    questions.add("get --prefix --keys-only --rev " + fixture.revision + " -w json --limit 4 k");
    questions.add("get -w json --rev 1000000 k");
    questions.add("get -w json --rev 1 k");
    questions.add("defrag");
    return questions;
  }

  private static List<String> disarming() {
    return List.of("alarm disarm", "alarm list", "alarm disarm -w json", "alarm list -w json");
  }

  /** A data directory of its own, with the content in a store of an engine. */
  private Path copy(Path data, String engine) throws IOException {
    Path copy = directory.resolve(engine);
    try (Stream<Path> files = Files.walk(data)) {
      for (Path each : files.toList()) {
        Path target = copy.resolve(data.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else if (!each.endsWith("db")) {
          Files.copy(each, target);
        }
      }
    }
    Path db = Path.of("member", "snap", "db");
    Cli.run("snapshot", "convert", data.resolve(db), copy.resolve(db), "--to", engine).ok();
    return copy;
  }

  private Map<String, String> answers(String endpoint, String[] user, List<String> questions)
      throws IOException {
    Map<String, String> answers = new LinkedHashMap<>();
    for (String question : questions) {
      List<String> words = new ArrayList<>(List.of("--endpoints", endpoint));
      words.addAll(PATIENT);
      words.addAll(List.of(user));
      words.addAll(List.of(question.split(" ")));
      EtcdTools.Output output = tools.etcdctl(words.toArray(String[]::new));
      String printed = output.exitCode() + "\n" + output.out() + complaint(output.err());
      answers.put(question, Printed.withoutWhatDiffers(question, printed, endpoint));
    }
    return answers;
  }

  /** What it says to people; its log lines tell times and ids. */
  private static String complaint(String err) {
    return err.lines().filter(line -> !line.startsWith("{")).reduce("", (a, b) -> a + b + "\n");
  }

  private void assertSame(Map<String, String> real, Map<String, String> ours, Path where) {
    assertEquals(real.keySet(), ours.keySet());
    real.forEach(
        (question, answer) ->
            assertEquals(answer, ours.get(question), where.getFileName() + ": " + question));
    compared += real.size();
  }
}
