package dev.cairn.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code HOST:PORT} to listen on; port 0 lets the system choose. */
final class ListenAddress implements ITypeConverter<InetSocketAddress> {
  private static final int PORT_MAX = 65_535;

  @Override
  public InetSocketAddress convert(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw malformed(text);
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (host.contains(":") && !bracketed) {
      throw malformed(text);
    }
    return new InetSocketAddress(
        resolve(bracketed ? host.substring(1, host.length() - 1) : host),
        port(text, text.substring(colon + 1)));
  }

  private static int port(String text, String digits) {
    if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > PORT_MAX) {
      throw malformed(text);
    }
    return Integer.parseInt(digits);
  }

  private static InetAddress resolve(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException unknown) {
      throw new TypeConversionException("host \"" + host + "\" is not known");
    }
  }

  private static TypeConversionException malformed(String text) {
    return new TypeConversionException(
        "\"" + text + "\" is not HOST:PORT with a port of 0 to 65535");
  }

  /** As it is written on a command line. */
  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
