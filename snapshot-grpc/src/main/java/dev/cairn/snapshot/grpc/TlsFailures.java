package dev.cairn.snapshot.grpc;

import io.grpc.Status;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says in plain words why no connection came about. What is beneath is told apart by its kind, and
 * only where libraries leave no other way by their text: Java's TLS and BoringSSL are both at work.
 */
final class TlsFailures {
  private static final Pattern ALERT = Pattern.compile("(?:fatal alert: |_ALERT_)(\\w+)");
  private static final Pattern OTHER_NAME = Pattern.compile("No (?:subject|name) .*");

  /** A TLS record of the kind alert, where HTTP/2 was expected. */
  private static final String TLS_ANSWER = "Hex dump for first 5 bytes: 1503";

  private static final String NO_TLS = "NotSslRecordException";
  private static final Pattern CLOSED =
      Pattern.compile(
          "Connection closed while.*|Network closed.*|Connection reset.*|Broken pipe.*");

  private TlsFailures() {}

  /** Whether it will fail the same way again: one side has looked, and refuses. */
  static boolean lasts(Status failure) {
    return verdict(failure).isPresent();
  }

  /**
   * The failure with a description for people, where it is one of a connection; else as it is.
   *
   * @param secure whether the client encrypts
   */
  static Status explain(Status failure, boolean secure) {
    return verdict(failure)
        .or(() -> suspicion(failure, secure))
        .map(Status.UNAVAILABLE::withDescription)
        .orElse(failure);
  }

  private static Optional<String> verdict(Status failure) {
    return ourVerdict(failure).or(() -> theirVerdict(failure));
  }

  /** Of the server's certificate. */
  private static Optional<String> ourVerdict(Status failure) {
    List<Throwable> causes = causes(failure);
    if (causes.isEmpty()) {
      return Optional.empty();
    }
    String deepest = String.valueOf(causes.get(causes.size() - 1).getMessage());
    if (any(causes, CertificateExpiredException.class)) {
      return said("the server's certificate has expired (" + deepest + "); renew it");
    }
    if (any(causes, CertificateNotYetValidException.class)) {
      return said("the server's certificate is not valid yet (" + deepest + "); is a clock wrong?");
    }
    if (any(causes, CertPathBuilderException.class)) {
      return said(
          "the server's certificate is of no authority that is trusted; name the CA that signed it");
    }
    if (OTHER_NAME.matcher(deepest).matches()) {
      return said(
          "the server's certificate is for another name ("
              + deepest
              + "); dial by one of its names");
    }
    return any(causes, CertificateException.class)
        ? said("the server's certificate is refused (" + deepest + ")")
        : Optional.empty();
  }

  /** Of our certificate or our words. */
  private static Optional<String> theirVerdict(Status failure) {
    for (Throwable cause : causes(failure)) {
      Matcher alert = ALERT.matcher(cause.toString());
      if (alert.find()) {
        return said(refused(alert.group(1).toLowerCase(Locale.ROOT)));
      }
      if (cause.toString().contains(NO_TLS)) {
        return said("the server does not speak TLS there; http:// asks without");
      }
      if (cause.toString().contains(TLS_ANSWER)) {
        return said("the server speaks TLS there; ask with https://");
      }
    }
    return Optional.empty();
  }

  private static String refused(String alert) {
    String what = "the server broke the TLS handshake off (" + alert.replace('_', ' ') + ")";
    return alert.contains("certificate") || alert.contains("_ca") || alert.contains("handshake")
        ? what + "; show a client certificate that its CA has signed"
        : what;
  }

  /** A server that closes at once may also do so over what it has not read, and lose its alert. */
  private static Optional<String> suspicion(Status failure, boolean secure) {
    List<Throwable> causes = causes(failure);
    Throwable deepest = causes.isEmpty() ? null : causes.get(causes.size() - 1);
    String text = String.valueOf(failure.getDescription()) + "\n" + deepest;
    if (failure.getCode() != Status.Code.UNAVAILABLE || !CLOSED.matcher(text).find()) {
      return Optional.empty();
    }
    return said(
        "the server closed the connection; "
            + (secure
                ? "does it speak TLS there, or want a client certificate?"
                : "if it speaks TLS there, ask with https://"));
  }

  private static Optional<String> said(String text) {
    return Optional.of(text);
  }

  private static boolean any(List<Throwable> causes, Class<? extends Throwable> kind) {
    return causes.stream().anyMatch(kind::isInstance);
  }

  private static List<Throwable> causes(Status failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }
}
