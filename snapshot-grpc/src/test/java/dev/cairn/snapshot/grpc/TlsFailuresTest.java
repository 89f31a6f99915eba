package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What lies beneath a connection that did not come about, as Java's TLS and BoringSSL put it. */
class TlsFailuresTest {
  private static Throwable handshake(Throwable cause) {
    return new SSLHandshakeException("General OpenSslEngine problem").initCause(cause);
  }

  static Stream<Arguments> verdicts() {
    return Stream.of(
        Arguments.of(handshake(new CertificateExpiredException("NotAfter: x")), "has expired"),
        Arguments.of(handshake(new CertificateNotYetValidException("x")), "not valid yet"),
        Arguments.of(handshake(new CertPathBuilderException("unable to find")), "no authority"),
        Arguments.of(
            handshake(new CertificateException("No subject alternative names")), "another name"),
        Arguments.of(
            handshake(new CertificateException("No name matching db.test found")), "another name"),
        Arguments.of(
            handshake(new CertificateException("algorithm constraints")), "is refused (algorithm"),
        Arguments.of(
            new SSLHandshakeException("Received fatal alert: certificate_required"),
            "(certificate required); show a client certificate"),
        Arguments.of(
            new SSLException("error:10000418:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA"),
            "(unknown ca); show a client certificate"),
        Arguments.of(
            new SSLException("Received fatal alert: protocol_version"), "(protocol version)"),
        Arguments.of(
            new IOException("First frame was not SETTINGS. Hex dump for first 5 bytes: 1503010002"),
            "ask with https://"));
  }

  @ParameterizedTest
  @MethodSource("verdicts")
  void aRefusalLasts(Throwable cause, String words) {
    Status failure = Status.UNAVAILABLE.withDescription("io exception").withCause(cause);
    assertTrue(TlsFailures.lasts(failure));
    for (boolean secure : new boolean[] {true, false}) {
      Status explained = TlsFailures.explain(failure, secure);
      assertEquals(Status.Code.UNAVAILABLE, explained.getCode());
      assertTrue(explained.getDescription().contains(words), explained.getDescription());
      assertEquals(null, explained.getCause());
    }
  }

  static Stream<Status> closings() {
    return Stream.of(
        Status.UNAVAILABLE.withDescription("Network closed for unknown reason"),
        Status.UNAVAILABLE.withDescription("Connection closed while performing TLS negotiation"),
        Status.UNAVAILABLE
            .withDescription("io exception")
            .withCause(new IOException("Connection reset by peer")));
  }

  @ParameterizedTest
  @MethodSource("closings")
  void aConnectionThatIsClosedMayPass(Status failure) {
    assertEquals(false, TlsFailures.lasts(failure));
    String secure = TlsFailures.explain(failure, true).getDescription();
    assertTrue(secure.contains("does it speak TLS there"), secure);
    String plain = TlsFailures.explain(failure, false).getDescription();
    assertTrue(plain.contains("ask with https://"), plain);
  }

  @Test
  void whatIsNothingOfTlsStaysAsItIs() {
    for (Status failure :
        new Status[] {
          Status.UNAVAILABLE.withCause(new ConnectException("Connection refused")),
          Status.UNAVAILABLE,
          Status.UNKNOWN.withDescription("Network closed for unknown reason")
        }) {
      assertSame(failure, TlsFailures.explain(failure, true));
      assertEquals(false, TlsFailures.lasts(failure));
    }
  }
}
