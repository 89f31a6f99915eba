package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.grpc.ClientConfig;
import dev.cairn.snapshot.grpc.ClientCredentials;
import dev.cairn.testkit.FreePort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** etcdctl's flags and variables, and which of them counts. */
class DialOptionsTest {
  private final Map<String, String> variables = new HashMap<>();
  private String typed;
  private int asked;

  @Command(name = "dial")
  private static final class Dial {
    @Mixin private final DialOptions options;

    Dial(Surroundings surroundings) {
      options = new DialOptions(surroundings);
    }
  }

  private final class Told implements Surroundings {
    @Override
    public Optional<String> variable(String name) {
      return Optional.ofNullable(variables.get(name));
    }

    @Override
    public Optional<String> password(String prompt) {
      asked++;
      assertTrue(prompt.contains("root"), prompt);
      return Optional.ofNullable(typed);
    }
  }

  private DialOptions parse(String... words) {
    Dial dial = new Dial(new Told());
    new CommandLine(dial).parseArgs(words);
    return dial.options;
  }

  private ClientConfig config(String... words) {
    return parse(words).config();
  }

  private static ClientCredentials root(String password) {
    return ClientCredentials.user("root", password);
  }

  @Test
  void nothingSaidIsEtcdctlsDefault() {
    assertEquals(ClientConfig.defaults(), config());
    assertEquals(null, parse().commandTimeout());
  }

  @Test
  void flagsCountBeforeVariables() {
    variables.put("ETCDCTL_CACERT", "env-ca");
    variables.put("ETCDCTL_CERT", "env-cert");
    variables.put("ETCDCTL_KEY", "env-key");
    variables.put("ETCDCTL_USER", "env:env");
    variables.put("ETCDCTL_DIAL_TIMEOUT", "7s");
    ClientConfig fromVariables = config();
    assertEquals(Optional.of(Path.of("env-ca")), fromVariables.tls().caFile());
    assertEquals(Optional.of(Path.of("env-cert")), fromVariables.tls().certFile());
    assertEquals(Optional.of(Path.of("env-key")), fromVariables.tls().keyFile());
    assertEquals(ClientCredentials.user("env", "env"), fromVariables.credentials());
    assertEquals(7_000, fromVariables.dialMillis());
    ClientConfig fromFlags =
        config(
            "--cacert=ca",
            "--cert=cert",
            "--key=key",
            "--user=root:pw",
            "--dial-timeout=9s",
            "--insecure-skip-tls-verify");
    assertEquals(Optional.of(Path.of("ca")), fromFlags.tls().caFile());
    assertEquals(Optional.of(Path.of("cert")), fromFlags.tls().certFile());
    assertEquals(Optional.of(Path.of("key")), fromFlags.tls().keyFile());
    assertEquals(root("pw"), fromFlags.credentials());
    assertEquals(9_000, fromFlags.dialMillis());
    assertTrue(fromFlags.tls().verificationSkipped());
    assertFalse(fromVariables.tls().verificationSkipped());
  }

  @Test
  void theTimeOfTheWholeCountsAlone() {
    variables.put("ETCDCTL_COMMAND_TIMEOUT", "3s");
    assertEquals(Duration.ofSeconds(3), parse().commandTimeout());
    assertEquals(Duration.ofSeconds(4), parse("--command-timeout=4s").commandTimeout());
    assertTrue(config("--dial-timeout=1s").dialMillis() > 3_000);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "1, true", "T, true", "false, false", "0, false"})
  void truthAsGoReadsIt(String text, boolean expected) {
    variables.put("ETCDCTL_INSECURE_SKIP_TLS_VERIFY", text);
    assertEquals(expected, config().tls().verificationSkipped());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ETCDCTL_INSECURE_SKIP_TLS_VERIFY",
        "ETCDCTL_DIAL_TIMEOUT",
        "ETCDCTL_COMMAND_TIMEOUT"
      })
  void aVariableThatMakesNoSenseIsNamed(String name) {
    variables.put(name, "perhaps");
    ParameterException e = assertThrows(ParameterException.class, this::config);
    assertTrue(e.getMessage().startsWith(name + ": \"perhaps\""), e.getMessage());
  }

  @Test
  void usersAndPasswords() {
    assertEquals(root("a:b"), config("--user=root:a:b").credentials());
    assertEquals(root(""), config("--user=root:").credentials());
    assertEquals(root("pw"), config("--user=root", "--password=pw").credentials());
    assertEquals(
        ClientCredentials.user("root:x", "pw"),
        config("--user=root:x", "--password=pw").credentials());
    variables.put("ETCDCTL_PASSWORD", "env");
    assertEquals(root("env"), config("--user=root").credentials());
    assertEquals(root("pw"), config("--user=root:pw").credentials());
    assertEquals(ClientCredentials.none(), config().credentials());
    assertEquals(0, asked);
  }

  @Test
  void aMissingPasswordIsAskedFor() {
    typed = "typed";
    assertEquals(root("typed"), config("--user=root").credentials());
    assertEquals(1, asked);
    typed = null;
    ParameterException e = assertThrows(ParameterException.class, () -> config("--user=root"));
    assertTrue(e.getMessage().contains("no terminal"), e.getMessage());
  }

  @Test
  void tokensOfFiles(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "  abc.def \nmore\n");
    variables.put("ETCDCTL_USER", "root");
    assertEquals(ClientCredentials.bearer("abc.def"), config("--token-file=" + file).credentials());
    assertThrows(ParameterException.class, () -> config("--token-file=" + file, "--user=root:pw"));
  }

  @Test
  void whatDoesNotGoTogether() {
    assertThrows(ParameterException.class, () -> config("--password=pw"));
    assertThrows(ParameterException.class, () -> config("--user=:pw"));
    assertThrows(ParameterException.class, () -> config("--cert=a"));
  }

  @Test
  void theEnvironmentMayNameTheServer(@TempDir Path directory) {
    Path out = directory.resolve("saved.db");
    try (FreePort nobody = FreePort.hold()) {
      variables.put("ETCDCTL_ENDPOINTS", nobody.address());
      variables.put("ETCDCTL_DIAL_TIMEOUT", "300ms");
      assertTrue(save(6, out).contains(nobody.address()));
    }
    variables.put("ETCDCTL_ENDPOINTS", "a:1,b:2");
    assertTrue(save(2, out).contains("one selected node, not multiple [a:1 b:2]"));
    assertTrue(save(4, out, "--db=" + directory.resolve("none")).contains("none"));
    variables.clear();
    assertTrue(save(2, out).contains("--endpoint"));
  }

  private String save(int expectedCode, Path out, String... more) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(err, false, StandardCharsets.UTF_8);
    Console console = new Console(new PrintStream(new ByteArrayOutputStream()), printed, false);
    String[] words = new String[3 + more.length];
    words[0] = "snapshot";
    words[1] = "save";
    words[2] = out.toString();
    System.arraycopy(more, 0, words, 3, more.length);
    int exitCode = new CairnCommandLine(console, new Told()).run(words);
    String line = err.toString(StandardCharsets.UTF_8);
    assertEquals(expectedCode, exitCode, line);
    assertEquals(1, line.lines().count(), line);
    return line;
  }
}
