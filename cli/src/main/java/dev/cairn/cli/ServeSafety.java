package dev.cairn.cli;

import dev.cairn.snapshot.grpc.MaintenanceConfig;
import dev.cairn.snapshot.grpc.ServerTls;
import dev.cairn.snapshot.grpc.TokenFile;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Who a server is to its clients, and which it lets in: etcd's flags, and a file of tokens. */
final class ServeSafety {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--cert-file",
      paramLabel = "PEM",
      description = "Serve behind TLS with this certificate, and those between it and a root.")
  private Path certFile;

  @Option(
      names = "--key-file",
      paramLabel = "PEM",
      description = "The key of the certificate: RSA or EC, not encrypted.")
  private Path keyFile;

  @Option(
      names = "--trusted-ca-file",
      paramLabel = "PEM",
      description = "Let only clients in whose certificate one of these authorities signed.")
  private Path trustedCaFile;

  @Option(
      names = "--client-cert-auth",
      description = "Demand a certificate of clients; --trusted-ca-file does so by itself.")
  private boolean clientCertAuth;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Let only callers in who send a token of this file: lines \"ROLE TOKEN\" with a role of"
              + " backup or all; only its owner may have access to it.")
  private Path tokenFile;

  /**
   * What stands between server and network; empty for plaintext. The files are read.
   *
   * @throws ParameterException for half of what belongs together
   */
  Optional<ServerTls> tls() {
    boolean plaintext = certFile == null;
    refuse(plaintext != (keyFile == null), "--cert-file and --key-file belong together");
    refuse(plaintext && trustedCaFile != null, "--trusted-ca-file needs --cert-file");
    refuse(clientCertAuth && trustedCaFile == null, "--client-cert-auth needs --trusted-ca-file");
    if (plaintext) {
      return Optional.empty();
    }
    ServerTls tls = ServerTls.of(certFile, keyFile);
    return Optional.of(trustedCaFile == null ? tls : tls.withTrustedCaFile(trustedCaFile));
  }

  private void refuse(boolean wrong, String rule) {
    if (wrong) {
      throw new ParameterException(spec.commandLine(), rule);
    }
  }

  /** The same service for those callers alone whom the options let in. */
  MaintenanceConfig guard(MaintenanceConfig config) {
    return tokenFile == null ? config : config.withCallerCheck(TokenFile.open(tokenFile));
  }
}
