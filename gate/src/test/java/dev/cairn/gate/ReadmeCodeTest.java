package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code in README.md compiles and does what it says, as it stands there. */
class ReadmeCodeTest {
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void theCodeOfTheReadmeRuns() throws Exception {
    List<String> lines = javaBlock().lines().toList();
    String imports =
        lines.stream().filter(ReadmeCodeTest::isImport).collect(Collectors.joining("\n"));
    String body =
        lines.stream()
            .filter(line -> !isImport(line))
            .collect(Collectors.joining("\n    ", "    ", "\n"));
    String output = run(imports, body);
    assertTrue(output.startsWith("1815\n"), output);
    assertTrue(output.lines().skip(1).findFirst().orElse("").matches("[0-9a-f]{64}"), output);
    assertTrue(Files.size(folder.resolve("backup.db")) % 512 == 32);
    try (var left = Files.list(folder)) {
      assertEquals(0, left.filter(name -> name.toString().endsWith(".part")).count());
    }
  }

  private static boolean isImport(String line) {
    return line.startsWith("import ");
  }

  private static String javaBlock() throws IOException {
    Matcher block = JAVA_BLOCK.matcher(Files.readString(readme()));
    assertTrue(block.find(), "README.md has no java block");
    return block.group(1);
  }

  private static Path readme() {
    Path here = Path.of("README.md").toAbsolutePath();
    return Files.exists(here) ? here : here.getParent().resolveSibling("README.md");
  }

  private String run(String imports, String body) throws Exception {
    String source =
        imports
            + "\npublic class Readme {\n"
            + "  static byte[] utf8(String text) { return text.getBytes(StandardCharsets.UTF_8); }\n"
            + "  public static void main(String[] args) {\n"
            + body
            + "  }\n}\n";
    Path file = folder.resolve("Readme.java");
    Files.writeString(file, source);
    String classPath = System.getProperty("java.class.path");
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", classPath, "-d", folder.toString(), file.toString());
    assertEquals(0, status, source);

    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(java, "-cp", classPath + ":" + folder, "Readme")
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(600, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), output);
    return output;
  }
}
