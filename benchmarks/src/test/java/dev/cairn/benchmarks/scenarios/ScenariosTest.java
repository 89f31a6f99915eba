package dev.cairn.benchmarks.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every scenario runs, on little data, so that none of them rots. */
@Timeout(900)
class ScenariosTest {
  private static final Plan TINY = new Plan(List.of(4), 1, 1, 1, 1_000, 1);

  private static Path checkout() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("bin/cairn")) ? here : here.getParent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"save", "restore", "latency"})
  void runs(String name) throws Exception {
    List<Figure> figures = new Scenarios(checkout(), TINY).run(name);
    int withoutEtcd = name.equals("latency") ? 8 : 2;
    int withEtcd = name.equals("latency") ? 8 : name.equals("save") ? 4 : 3;
    assertEquals(Checkout.hasEtcd() ? withEtcd : withoutEtcd, figures.size());
    assertEquals(
        figures.size(),
        new TreeSet<>(figures.stream().map(Figure::subject).collect(Collectors.toList())).size());
    for (Figure figure : figures) {
      String shown = name.equals("latency") ? "p99Micros" : "seconds";
      assertTrue(figure.values().get(shown) > 0, figure.toString());
    }
  }
}
