package dev.cairn.snapshot.grpc;

import java.net.SocketAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Who calls, as far as the connection and the call tell. Immutable.
 *
 * @param token the secret in {@code authorization: Bearer …} or in etcd's {@code token: …}; never
 *     part of {@link #toString()}
 * @param certificate the client's certificate, which an authority that the server trusts has signed
 * @param address where the connection comes from
 */
public record Caller(
    Optional<String> token,
    Optional<X509Certificate> certificate,
    Optional<SocketAddress> address) {
  /**
   * Nothing may be null.
   *
   * @param token the secret
   * @param certificate the client's certificate
   * @param address where the connection comes from
   */
  public Caller {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(certificate, "certificate");
    Objects.requireNonNull(address, "address");
  }

  /**
   * Whom the certificate names.
   *
   * @return the distinguished name as RFC 2253 writes it, for example {@code CN=backup,O=Ada}
   */
  public Optional<String> subject() {
    return certificate.map(each -> each.getSubjectX500Principal().getName());
  }

  /**
   * The other names in the certificate that are texts: DNS names, addresses, URIs, mail addresses.
   *
   * @return the subject alternative names in their order; empty without a certificate
   */
  public List<String> alternativeNames() {
    return certificate.map(Caller::alternativeNames).orElse(List.of());
  }

  private static List<String> alternativeNames(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .map(typeAndName -> typeAndName.get(1))
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .toList();
    } catch (CertificateParsingException damaged) {
      return List.of();
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "%s at %s%s"
        .formatted(
            subject().orElse("no certificate"),
            address.map(Object::toString).orElse("no address"),
            token.isPresent() ? " with a token" : "");
  }
}
