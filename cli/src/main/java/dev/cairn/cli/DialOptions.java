package dev.cairn.cli;

import dev.cairn.snapshot.grpc.ClientConfig;
import dev.cairn.snapshot.grpc.ClientCredentials;
import dev.cairn.snapshot.grpc.ClientTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How a server is reached: etcdctl's flags, and behind each the variable of its name ({@code
 * --cacert}, {@code ETCDCTL_CACERT}). A flag counts before its variable.
 */
final class DialOptions {
  private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(5);

  private final Surroundings surroundings;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "PEM: the authorities that may have signed the server's certificate.")
  private Path caCert;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "PEM: the certificate to show to the server.")
  private Path cert;

  @Option(names = "--key", paramLabel = "FILE", description = "PEM: its private key.")
  private Path key;

  @Option(
      names = "--insecure-skip-tls-verify",
      description = "Take any certificate: whoever sits between reads and changes what he likes.")
  private boolean skipVerify;

  @Option(
      names = "--user",
      paramLabel = "NAME[:PASSWORD]",
      description = "Sign in as this user; without a password the terminal is asked.")
  private String user;

  @Option(
      names = "--password",
      paramLabel = "PASSWORD",
      description = "The user's; then all of --user is the name.")
  private String password;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Send its first line as a bearer token, as cairn serve may ask for.")
  private Path tokenFile;

  @Option(
      names = "--command-timeout",
      paramLabel = "SPAN",
      converter = Durations.class,
      description = "Give up after so long, whatever was received; by default never.")
  private Duration commandTimeout;

  @Option(
      names = "--dial-timeout",
      paramLabel = "SPAN",
      converter = Durations.class,
      description =
          "Give up when the server was not reached for so long; with --command-timeout that counts"
              + " alone. Default: 5s.")
  private Duration dialTimeout;

  DialOptions(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** The endpoints of the environment. */
  Optional<String> endpoints() {
    return surroundings.variable("ETCDCTL_ENDPOINTS");
  }

  /** How long the whole may take; null for ever. */
  Duration commandTimeout() {
    return commandTimeout != null
        ? commandTimeout
        : variable("ETCDCTL_COMMAND_TIMEOUT", new Durations()).orElse(null);
  }

  /**
   * All of it; asks for a password where one is missing.
   *
   * @throws ParameterException for what does not go together, and for a variable that makes no
   *     sense
   */
  ClientConfig config() {
    return ClientConfig.defaults()
        .withDialMillis(dialing().toMillis())
        .withTls(tls())
        .withCredentials(credentials());
  }

  /** The deadline must be the first to pass, for it says what etcdctl says. */
  private Duration dialing() {
    Duration whole = commandTimeout();
    if (whole != null) {
      return whole.multipliedBy(2);
    }
    return dialTimeout != null
        ? dialTimeout
        : variable("ETCDCTL_DIAL_TIMEOUT", new Durations()).orElse(DIAL_TIMEOUT);
  }

  private ClientTls tls() {
    Optional<Path> certFile = file(cert, "ETCDCTL_CERT");
    Optional<Path> keyFile = file(key, "ETCDCTL_KEY");
    if (certFile.isPresent() != keyFile.isPresent()) {
      throw usage("--cert and --key go together; name both or none");
    }
    boolean skips =
        skipVerify
            || variable("ETCDCTL_INSECURE_SKIP_TLS_VERIFY", DialOptions::truth).orElse(false);
    return new ClientTls(file(caCert, "ETCDCTL_CACERT"), certFile, keyFile, skips);
  }

  private Optional<Path> file(Path flag, String variable) {
    return Optional.ofNullable(flag).or(() -> surroundings.variable(variable).map(Path::of));
  }

  private ClientCredentials credentials() {
    if (tokenFile != null && user != null) {
      throw usage("--token-file and --user are two ways to say who asks; give one");
    }
    if (password != null && user == null && surroundings.variable("ETCDCTL_USER").isEmpty()) {
      throw usage("--password goes with --user");
    }
    if (tokenFile != null) {
      return ClientCredentials.bearerOf(tokenFile);
    }
    return Optional.ofNullable(user)
        .or(() -> surroundings.variable("ETCDCTL_USER"))
        .map(this::signingIn)
        .orElse(ClientCredentials.none());
  }

  private ClientCredentials signingIn(String text) {
    int colon = text.indexOf(':');
    boolean both = password == null && colon >= 0;
    String name = both ? text.substring(0, colon) : text;
    if (name.isEmpty()) {
      throw usage("--user has no name");
    }
    return ClientCredentials.user(name, both ? text.substring(colon + 1) : passwordOf(name));
  }

  private String passwordOf(String name) {
    return Optional.ofNullable(password)
        .or(() -> surroundings.variable("ETCDCTL_PASSWORD"))
        .or(() -> surroundings.password("Password of " + name + ": "))
        .orElseThrow(
            () ->
                usage(
                    "no password for user "
                        + name
                        + " and no terminal to ask; give --password or ETCDCTL_PASSWORD"));
  }

  private <T> Optional<T> variable(String name, ITypeConverter<T> converter) {
    Optional<String> text = surroundings.variable(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(converter.convert(text.get()));
    } catch (Exception malformed) {
      throw usage(name + ": " + malformed.getMessage());
    }
  }

  /** As etcdctl reads it. */
  private static Boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "1", "t", "true" -> true;
      case "0", "f", "false" -> false;
      default -> throw new IllegalArgumentException("\"" + text + "\" is neither true nor false");
    };
  }

  private ParameterException usage(String line) {
    return new ParameterException(spec.commandLine(), line);
  }
}
