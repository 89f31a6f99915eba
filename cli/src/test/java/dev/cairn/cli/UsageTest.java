package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line itself: help, version, completion, and what is wrong with what was typed. */
class UsageTest {
  private static final String[] COMMANDS = {
    "demo",
    "engines",
    "load",
    "get",
    "scan",
    "put",
    "del",
    "hash",
    "defrag",
    "check",
    "serve",
    "snapshot",
    "wal",
    "snap"
  };
  private static final String[] SNAPSHOT_COMMANDS = {
    "save", "status", "verify", "restore", "convert"
  };

  @Test
  void helpListsEveryCommand() {
    String help = Cli.run("help").ok().out();
    for (String command : COMMANDS) {
      assertTrue(help.contains("\n  " + command + " "), command + " in " + help);
      Cli.run(command, "--help").ok();
    }
    String snapshot = Cli.run("help", "snapshot").ok().out();
    for (String command : SNAPSHOT_COMMANDS) {
      assertTrue(snapshot.contains("\n  " + command + " "), command + " in " + snapshot);
      Cli.run("snapshot", command, "-h").ok();
    }
    for (String command : List.of("dump", "verify", "repair")) {
      Cli.run("wal", command, "-h").ok();
    }
    Cli.run("snap", "dump", "-h").ok();
    assertEquals(help, Cli.run("--help").ok().out());
  }

  @Test
  void helpFitsTheScreen() {
    for (String command : COMMANDS) {
      assertTrue(Cli.run(command, "-h").out().lines().allMatch(line -> line.length() <= 100));
    }
  }

  @Test
  void theHelpOfSaveSaysWhatADashMeans() {
    String help = Cli.run("snapshot", "save", "--help").ok().out();
    assertTrue(help.contains("before they are proven"), help);
  }

  @Test
  void versionNamesItselfAndJava() {
    String version = Cli.run("--version").ok().out();
    assertTrue(version.matches("cairn \\d+\\.\\d+\\.\\d+\\S* \\(Java .+\\)\n"), version);
  }

  @Test
  void completionKnowsTheCommands() {
    String script = Cli.run("generate-completion").ok().out();
    assertTrue(script.contains("snapshot") && script.contains("--snapshot-format"), script);
  }

  @Test
  void nothingToDoShowsWhatThereIs() {
    Cli.Result bare = Cli.run();
    assertEquals(2, bare.exitCode());
    assertEquals("", bare.out());
    assertTrue(bare.err().contains("Usage: cairn "), bare.err());
    assertTrue(Cli.run("snapshot").err().contains("restore"));
    assertTrue(Cli.run("wal").err().contains("dump"));
    assertTrue(Cli.run("snap").err().contains("dump"));
  }

  static Stream<Arguments> wrongWords() {
    return Stream.of(
        Arguments.of("snapshoot", "unknown command \"snapshoot\"; did you mean snapshot?"),
        Arguments.of("snapshot statsu x", "unknown command \"statsu\"; did you mean status?"),
        Arguments.of("engines --dbug", "unknown option \"--dbug\"; did you mean --debug?"),
        Arguments.of("backup", "unknown command \"backup\"; see cairn --help"),
        Arguments.of("engines extra", "unknown argument \"extra\""),
        Arguments.of("engines -w xml", "no output format \"xml\"; there are simple, table, json"),
        Arguments.of("get", "--db"),
        Arguments.of("get --db x b", "KEY"),
        Arguments.of("load --db x", "--keys"),
        Arguments.of("load --db x --keys many", "many"),
        Arguments.of("snapshot convert x y", "--to"),
        Arguments.of("snapshot save x", "--endpoint"),
        Arguments.of("snapshot save x --db a --endpoint b:1", "--endpoint"),
        Arguments.of("snapshot save x --endpoint 127.0.0.1", "no endpoint"),
        Arguments.of("snapshot save x --endpoint h:1 --format etcd", "serve --snapshot-format"),
        Arguments.of("snapshot save x --db y --format xml", "etcd, native"),
        Arguments.of("snapshot save x --endpoint h:1 --stall-timeout 5", "time span"),
        Arguments.of("wal dmp x", "unknown command \"dmp\"; did you mean dump?"),
        Arguments.of("wal dump", "DIR|FILE"),
        Arguments.of("wal verify", "DIR"),
        Arguments.of("wal repair", "DIR"),
        Arguments.of("snap dump", "FILE"),
        Arguments.of("serve", "--data-dir"),
        Arguments.of("serve --db a --data-dir b", "--db"),
        Arguments.of("serve --db a --listen 1", "HOST:PORT"),
        Arguments.of("serve --db a --listen 0.0.0.0:0", "--insecure-listen"),
        Arguments.of("put --db x key k v", "--raw"));
  }

  @ParameterizedTest
  @MethodSource("wrongWords")
  void whatIsWrongIsSaidInOneLine(String words, String expected) {
    Cli.Result result = Cli.run((Object[]) words.split(" ")).failed(2, expected, "see cairn");
    assertEquals("", result.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"get --debug", "snapshot status --debug /nowhere/x"})
  void debugShowsTheStack(String words) {
    Cli.Result result = Cli.run((Object[]) words.split(" "));
    assertTrue(result.err().lines().count() > 5, result.err());
    assertTrue(result.err().startsWith("Error: "), result.err());
  }

  @Test
  void aStackIsNotShownOtherwise(@TempDir Path directory) {
    Cli.Result result =
        Cli.run("snapshot", "status", directory.resolve("none.db"))
            .failed(4, "none.db: no such file");
    assertFalse(result.err().contains("\tat "));
  }

  @Test
  void whatNobodyExpectedEndsWithOne() {
    java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
    Console console =
        new Console(
            new java.io.PrintStream(new java.io.ByteArrayOutputStream()),
            new java.io.PrintStream(err),
            false);
    ErrorLines errors = new ErrorLines(console, new CommonOptions());
    assertEquals(1, errors.report(new IllegalStateException("two\nlines")));
    assertEquals(
        "Error: java.lang.IllegalStateException: two; lines; this is not expected, --debug shows"
            + " where\n",
        err.toString());
  }
}
