package io.flotilla.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What browsers have to load, and from how many packages it is made. Skipped without a console. */
class BudgetTest {

  private static final Path BUILT = Path.of("target/classes/io/flotilla/console/static");
  private static final int ALL_BYTES_MAX = 140 * 1024;
  private static final int FIRST_BYTES_MAX = 80 * 1024;

  /** With the first page's data, the browser's fifth request. */
  private static final int FILES_MAX = 4;

  private static final int PACKAGES_MAX = 5;

  private static List<Path> files() throws IOException {
    assumeTrue(Files.exists(BUILT.resolve("index.html")), "SKIPPED: built without its console");
    try (Stream<Path> all = Files.walk(BUILT)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .toList();
    }
  }

  private static int packed(List<Path> files) throws IOException {
    int bytes = 0;
    for (Path file : files) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
        gzip.write(Files.readAllBytes(file));
      }
      bytes += packed.size();
    }
    return bytes;
  }

  @Test
  void theWholeApplicationIsSmall() throws IOException {
    int bytes = packed(files());
    System.out.println("the console: " + bytes + " bytes compressed");
    assertThat(bytes).isLessThanOrEqualTo(ALL_BYTES_MAX);
  }

  @Test
  void theFirstLoadIsSmallAndOfFewFiles() throws IOException {
    List<Path> files = files();
    String page = Files.readString(BUILT.resolve("index.html"));
    List<Path> first =
        files.stream()
            .filter(file -> file.endsWith("index.html") || page.contains(name(file)))
            .toList();
    assertThat(first).hasSizeLessThanOrEqualTo(FILES_MAX);
    assertThat(packed(first)).isLessThanOrEqualTo(FIRST_BYTES_MAX);
  }

  private static String name(Path file) {
    return BUILT.relativize(file).toString().replace('\\', '/');
  }

  @Test
  void fewPackagesRunInTheBrowser() throws IOException {
    JsonNode made = new ObjectMapper().readTree(Path.of("src/console/package.json").toFile());
    assertThat(made.path("dependencies").size()).isBetween(1, PACKAGES_MAX);
    JsonNode locked =
        new ObjectMapper().readTree(Path.of("src/console/package-lock.json").toFile());
    long run =
        locked.path("packages").properties().stream()
            .filter(each -> each.getKey().startsWith("node_modules/"))
            .filter(each -> !each.getValue().path("dev").asBoolean()) // it only builds
            .count();
    assertThat(run).as("with those that packages bring").isBetween(1L, (long) PACKAGES_MAX);
  }
}
