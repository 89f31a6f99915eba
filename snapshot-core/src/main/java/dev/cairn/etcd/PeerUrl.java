package dev.cairn.etcd;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a member listens to the others: a URL of a scheme that etcd knows, with host and port, and
 * without a path. What is no such URL is refused in etcd's own words.
 *
 * @param scheme in lower case
 * @param host such as {@code localhost} or {@code [::1]}, with what may stand before an {@code @}
 * @param port digits, or nothing
 * @param rest a query or fragment, with the character that introduces it; mostly nothing
 */
record PeerUrl(String scheme, String host, String port, String rest) {
  private static final Set<String> SCHEMES = Set.of("http", "https", "unix", "unixs");
  private static final Pattern FORM =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*):(?://([^/?#]*))?([^?#]*)(.*)", Pattern.DOTALL);
  private static final Pattern HOST_PORT =
      Pattern.compile("(.*@)?(\\[[^\\[\\]]*]|[^:\\[\\]]*):([^:\\[\\]]*)", Pattern.DOTALL);
  private static final Pattern DIGITS = Pattern.compile("[0-9]*");

  /** What may not stand in a host. */
  private static final Pattern NOT_IN_HOST =
      Pattern.compile("[^a-zA-Z0-9._~!$&'()*+,;=:\\[\\]<>\"\\x{80}-\\x{10ffff}-]");

  static PeerUrl parse(String given) {
    String text = given.strip();
    Matcher url = FORM.matcher(text);
    boolean formed = url.matches();
    checkReadable(text, formed);
    String authority = formed && url.group(2) != null ? url.group(2) : "";
    checkAuthority(text, authority);
    String scheme = formed ? url.group(1).toLowerCase(Locale.ROOT) : "";
    if (!SCHEMES.contains(scheme)) {
      throw wrong("URL scheme must be http, https, unix, or unixs: " + text);
    }
    Matcher hostPort = HOST_PORT.matcher(authority);
    if (!hostPort.matches()) {
      throw wrong("URL address does not have the form \"host:port\": " + text);
    }
    if (!url.group(3).isEmpty()) {
      throw wrong("URL must not contain a path: " + text);
    }
    String user = hostPort.group(1) == null ? "" : hostPort.group(1);
    return new PeerUrl(scheme, user + hostPort.group(2), hostPort.group(3), url.group(4));
  }

  /** What no URL at all may be. */
  private static void checkReadable(String text, boolean formed) {
    if (text.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      throw unreadable(text, "net/url: invalid control character in URL");
    }
    if (text.startsWith(":")) {
      throw unreadable(text, "missing protocol scheme");
    }
    int colon = text.indexOf(':');
    int slash = text.indexOf('/');
    if (!formed && colon >= 0 && (slash < 0 || colon < slash)) {
      throw unreadable(text, "first path segment in URL cannot contain colon");
    }
  }

  private static void checkAuthority(String text, String authority) {
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    int bracket = host.lastIndexOf(']');
    if (host.startsWith("[") && bracket < 0) {
      throw unreadable(text, "missing ']' in host");
    }
    int colon = host.startsWith("[") ? bracket + 1 : host.lastIndexOf(':');
    String port = colon < 0 ? "" : host.substring(colon);
    boolean valid =
        port.isEmpty() || (port.startsWith(":") && DIGITS.matcher(port.substring(1)).matches());
    if (!valid) {
      throw unreadable(text, "invalid port " + GoText.quoted(port) + " after host");
    }
    Matcher wrong = NOT_IN_HOST.matcher(host);
    if (wrong.find()) {
      String here = host.substring(wrong.start());
      throw unreadable(
          text,
          here.startsWith("%")
              ? "invalid URL escape " + GoText.quoted(here.substring(0, Math.min(3, here.length())))
              : "invalid character " + GoText.quoted(wrong.group()) + " in host name");
    }
  }

  private static StorageException unreadable(String text, String why) {
    return wrong("parse " + GoText.quoted(text) + ": " + why);
  }

  private static StorageException wrong(String why) {
    return StorageException.of(Code.LIMIT, why);
  }

  /** The same at another host. */
  PeerUrl withHost(String newHost) {
    return new PeerUrl(scheme, newHost, port, rest);
  }

  @Override
  public String toString() {
    return scheme + "://" + host + ":" + port + rest;
  }
}
