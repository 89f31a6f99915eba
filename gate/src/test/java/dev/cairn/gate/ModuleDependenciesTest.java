package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dependencies point one way, files are touched in one place, and no library leaks into an API. */
class ModuleDependenciesTest {
  private static final Set<String> FILE_TYPES =
      Set.of(
          "java.nio.channels.FileChannel",
          "java.nio.channels.AsynchronousFileChannel",
          "java.io.RandomAccessFile",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.FileReader",
          "java.io.FileWriter");

  /** Reading attributes and looking whether something is there harms nothing. */
  private static final Set<String> HARMLESS =
      Set.of(
          "exists",
          "notExists",
          "isDirectory",
          "isRegularFile",
          "isExecutable",
          "size",
          "isSameFile",
          "getPosixFilePermissions");

  /** The seam itself, and the tests that we publish: they kill processes and fill directories. */
  private static final Set<String> MAY_TOUCH_FILES = Set.of("io", "spi-testkit");

  private final JavaClasses classes = CairnModules.mainClasses();

  @Test
  void everyModuleIsLookedAt() {
    Set<String> seen = new TreeSet<>();
    classes.forEach(c -> CairnModules.moduleOf(c).ifPresent(seen::add));
    assertEquals(CairnModules.MAY_USE.keySet(), seen);
  }

  @Test
  void dependenciesPointOneWay() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass from : classes) {
      String module = CairnModules.moduleOf(from).orElseThrow();
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        String used = CairnModules.moduleOf(target).orElse(module);
        if (!used.equals(module) && !CairnModules.MAY_USE.get(module).contains(used)) {
          wrong.add(module + " -> " + used + ": " + dependency.getDescription());
        }
      }
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void theSpiNeedsNothingButJavaBase() {
    Set<String> foreign = new TreeSet<>();
    for (JavaClass from : classes) {
      if (!CairnModules.moduleOf(from).orElseThrow().equals("spi")) {
        continue;
      }
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        String name = dependency.getTargetClass().getBaseComponentType().getName();
        if (!inJavaBase(name) && !name.startsWith("dev.cairn.spi.")) {
          foreign.add(dependency.getDescription());
        }
      }
    }
    assertEquals(Set.of(), foreign);
  }

  private static boolean inJavaBase(String name) {
    try {
      Module module = Class.forName(name, false, null).getModule();
      return "java.base".equals(module.getName());
    } catch (ClassNotFoundException notOfThePlatform) {
      return !name.contains(".");
    }
  }

  @Test
  void onlyTheDiskTouchesFiles() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass from : classes) {
      if (MAY_TOUCH_FILES.contains(CairnModules.moduleOf(from).orElseThrow())) {
        continue;
      }
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        if (FILE_TYPES.contains(dependency.getTargetClass().getName())) {
          wrong.add(dependency.getDescription());
        }
      }
      for (JavaMethodCall call : from.getMethodCallsFromSelf()) {
        boolean files = call.getTargetOwner().getName().equals("java.nio.file.Files");
        if (files && !HARMLESS.contains(call.getName())) {
          wrong.add(call.getDescription());
        }
      }
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void noLibraryLeaksIntoAnApi() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass owner : classes) {
      String module = CairnModules.moduleOf(owner).orElseThrow();
      if (module.equals("etcd-proto") || !owner.getModifiers().contains(JavaModifier.PUBLIC)) {
        continue;
      }
      for (JavaCodeUnit unit : owner.getCodeUnits()) {
        if (unit.getModifiers().contains(JavaModifier.PUBLIC)
            || unit.getModifiers().contains(JavaModifier.PROTECTED)) {
          signature(unit)
              .filter(type -> leaks(module, type.getBaseComponentType().getName()))
              .forEach(type -> wrong.add(unit.getFullName() + " shows " + type.getName()));
        }
      }
    }
    assertEquals(Set.of(), wrong);
  }

  private static Stream<JavaClass> signature(JavaCodeUnit unit) {
    return Stream.concat(Stream.of(unit.getRawReturnType()), unit.getRawParameterTypes().stream());
  }

  private static boolean leaks(String module, String type) {
    boolean message =
        type.startsWith("com.google.protobuf.") || type.startsWith("dev.cairn.etcd.proto.");
    boolean grpc = type.startsWith("io.grpc.") && !module.equals("snapshot-grpc");
    boolean engine = Stream.of("org.lmdbjava.", "org.mapdb.", "org.h2.").anyMatch(type::startsWith);
    boolean http = type.startsWith("org.eclipse.jetty.");
    return message || grpc || engine || http;
  }

  @Test
  void eachEngineHasOnePublicType() {
    List<String> publicTypes =
        classes.stream()
            .filter(c -> CairnModules.moduleOf(c).orElseThrow().startsWith("engine-"))
            .filter(c -> !CairnModules.moduleOf(c).orElseThrow().equals("engine-support"))
            .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC))
            .map(JavaClass::getSimpleName)
            .sorted()
            .toList();
    assertEquals(List.of("BboltEngine", "H2Engine", "LmdbEngine", "MapDbEngine"), publicTypes);
  }
}
