package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens.
 *
 * @param host a name or an address, an IPv6 one in brackets
 * @param port 1 to 65535
 */
record Endpoint(String host, int port) {
  private static final int PORT_MAX = 65_535;

  /** Not a URI: that would refuse names with an underscore, which name resolvers take. */
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?:http://)?(\\[[0-9a-fA-F:.]+(?:%\\w+)?]|[^\\s/:?#@\\[\\],]+):([0-9]{1,5})/?");

  /**
   * Reads {@code HOST:PORT} or {@code http://HOST:PORT}.
   *
   * @throws IllegalArgumentException for anything else
   * @throws StorageException {@code unsupported} for https
   */
  static Endpoint parse(String text) {
    if (text.startsWith("https://")) {
      throw StorageException.of(
          Code.UNSUPPORTED, text + ": TLS is not supported yet; name an http:// endpoint");
    }
    Matcher parts = SHAPE.matcher(text);
    int port = parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
    if (port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no endpoint; write HOST:PORT or http://HOST:PORT");
    }
    return new Endpoint(parts.group(1), port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
