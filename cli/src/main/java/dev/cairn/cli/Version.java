package dev.cairn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: ours, and which Java runs it. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() throws IOException {
    return new String[] {"cairn %s (Java %s)".formatted(own(), System.getProperty("java.version"))};
  }

  private static String own() throws IOException {
    Properties build = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("cairn.properties")) {
      build.load(in);
    }
    return build.getProperty("version");
  }
}
