package dev.cairn.snapshot.grpc;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What a client shows and trusts on an encrypted connection. Immutable; every {@code with} returns
 * a changed copy. The files are PEM and are read once, by {@link MaintenanceClient#connect}.
 *
 * @param caFile the certificates of the authorities that may have signed the server's; empty trusts
 *     those that Java trusts
 * @param certFile the certificate that the client shows, with those between it and its authority
 *     behind it; empty shows none
 * @param keyFile its private key, not encrypted: PKCS#8, or PKCS#1 (RSA), or SEC1 (EC); there when
 *     {@code certFile} is
 * @param verificationSkipped whether any certificate of the server's is taken, so that whoever sits
 *     between may read and change everything
 */
public record ClientTls(
    Optional<Path> caFile,
    Optional<Path> certFile,
    Optional<Path> keyFile,
    boolean verificationSkipped) {
  /**
   * Checks that certificate and key come together.
   *
   * @param caFile may be empty, not null
   * @param certFile may be empty, not null
   * @param keyFile may be empty, not null
   * @param verificationSkipped either
   * @throws IllegalArgumentException for a certificate without a key or a key without certificate
   */
  public ClientTls {
    Objects.requireNonNull(caFile, "caFile");
    if (certFile.isPresent() != keyFile.isPresent()) {
      throw new IllegalArgumentException(
          "a certificate and its key go together, and only the "
              + (certFile.isPresent() ? "certificate" : "key")
              + " was given");
    }
  }

  /**
   * Trusts whom Java trusts and shows no certificate.
   *
   * @return the defaults
   */
  public static ClientTls defaults() {
    return new ClientTls(Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  /**
   * The same with authorities of its own.
   *
   * @param file PEM, one certificate or more
   * @return a changed copy
   */
  public ClientTls withCaFile(Path file) {
    return new ClientTls(Optional.of(file), certFile, keyFile, verificationSkipped);
  }

  /**
   * The same showing a certificate.
   *
   * @param newCertFile PEM
   * @param newKeyFile PEM, its private key
   * @return a changed copy
   */
  public ClientTls withCertificate(Path newCertFile, Path newKeyFile) {
    return new ClientTls(
        caFile, Optional.of(newCertFile), Optional.of(newKeyFile), verificationSkipped);
  }

  /**
   * The same taking any certificate of the server's.
   *
   * @return a changed copy
   */
  public ClientTls withVerificationSkipped() {
    return new ClientTls(caFile, certFile, keyFile, true);
  }

  /** Whether TLS is meant where the endpoint does not say: as with etcdctl, files say so. */
  boolean namesFiles() {
    return caFile.isPresent() || certFile.isPresent();
  }
}
