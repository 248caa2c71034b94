package io.flotilla.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Reads the sources of all modules: walls for size, words that hide what a class is for, marks of
 * unfinished work, waiting by the clock. After TigerBeetle's tidy test.
 */
class TidyTest {

  private static final int FILE_LINES_MAX = 400;
  private static final int LINE_CHARS_MAX = 100;

  /** What must not stand in a source file, and what to write instead. */
  private static final Map<Pattern, String> BANNED =
      Map.of(
          Pattern.compile("\\bclass \\w*(Util|Utils|Manager|Impl|Helper)\\b"),
              "name the class for its job",
          Pattern.compile("\\b(FIX" + "ME|TO" + "DO|XX" + "X)\\b"), "finish it, or file an issue",
          Pattern.compile("Thread\\.sl" + "eep\\("), "await a condition",
          Pattern.compile("\\.printStackTr" + "ace\\("), "log it, or let it rise",
          Pattern.compile("catch \\((Exception|Throwable) ignored\\)"), "never swallow a fault");

  @Test
  void sourcesAreTidy() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    List<String> faults = new ArrayList<>();
    for (String module : new String[] {"client", "client/testing", "node", "cluster-tests"}) {
      try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src"))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(file -> faults.addAll(faults(root, file)));
      }
    }
    assertThat(faults).isEmpty();
  }

  private static List<String> faults(Path root, Path file) {
    List<String> faults = new ArrayList<>();
    String name = root.relativize(file).toString();
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (lines.size() > FILE_LINES_MAX) {
      faults.add(name + " has " + lines.size() + " lines: split it by event or by arithmetic");
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String at = name + ":" + (i + 1) + ": ";
      if (line.length() > LINE_CHARS_MAX && !line.startsWith("import ")) {
        faults.add(at + "longer than " + LINE_CHARS_MAX + " columns");
      }
      BANNED.forEach(
          (pattern, instead) -> {
            if (pattern.matcher(line).find()) {
              faults.add(at + line.strip() + " (" + instead + ")");
            }
          });
    }
    return faults;
  }

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    List<String> faults = new ArrayList<>();
    for (String module : new String[] {"client", "client/testing", "node"}) {
      try (Stream<Path> folders = Files.walk(root.resolve(module).resolve("src/main/java"))) {
        folders
            .filter(Files::isDirectory)
            .filter(TidyTest::hasSources)
            .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
            .forEach(folder -> faults.add(root.relativize(folder) + " lacks package-info.java"));
      }
    }
    assertThat(faults).isEmpty();
  }

  private static boolean hasSources(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
