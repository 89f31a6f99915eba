package dev.cairn.snapshot.grpc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens.
 *
 * @param scheme what was said of encryption
 * @param host a name or an address, an IPv6 one in brackets
 * @param port 1 to 65535
 */
record Endpoint(Scheme scheme, String host, int port) {
  enum Scheme {
    HTTP,
    HTTPS,
    /** Nothing was said. */
    BARE
  }

  private static final int PORT_MAX = 65_535;

  /** Not a URI: that would refuse names with an underscore, which name resolvers take. */
  private static final Pattern SHAPE =
      Pattern.compile(
          "(https?://)?(\\[[0-9a-fA-F:.]+(?:%\\w+)?]|[^\\s/:?#@\\[\\],]+):([0-9]{1,5})/?");

  /**
   * Reads {@code HOST:PORT}, {@code http://HOST:PORT} or {@code https://HOST:PORT}.
   *
   * @throws IllegalArgumentException for anything else
   */
  static Endpoint parse(String text) {
    Matcher parts = SHAPE.matcher(text);
    int port = parts.matches() ? Integer.parseInt(parts.group(3)) : 0;
    if (port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException(
          shown(text) + " is no endpoint; write HOST:PORT, http://HOST:PORT or https://HOST:PORT");
    }
    return new Endpoint(scheme(parts.group(1)), parts.group(2), port);
  }

  private static Scheme scheme(String text) {
    if (text == null) {
      return Scheme.BARE;
    }
    return text.startsWith("https") ? Scheme.HTTPS : Scheme.HTTP;
  }

  /** What stands before an @ may be a password. */
  private static String shown(String text) {
    return "\"" + text.replaceFirst("^.*@", "...@") + "\"";
  }

  /** Whether to encrypt; as etcdctl, http:// is plaintext even where certificates are named. */
  boolean secure(ClientTls tls) {
    return scheme == Scheme.HTTPS || scheme == Scheme.BARE && tls.namesFiles();
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
