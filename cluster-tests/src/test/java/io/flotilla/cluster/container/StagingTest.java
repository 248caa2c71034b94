package io.flotilla.cluster.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docker/build.sh} puts into the image: the same each time, and one platform's. */
@Tag("container")
class StagingTest {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Path ROOT = ComposeFiles.ROOT;
  private static final Pattern LIBRARY = Pattern.compile(".*\\.(so|a|dll|dylib|jnilib)");

  @TempDir static Path folder;
  private static final List<String> digests = new ArrayList<>();

  @BeforeAll
  static void stageTwice() {
    Tools.assume("unzip and GNU tar", "unzip -v && tar --version | grep GNU");
    // Another place, other rights for new files, another language.
    for (String run : List.of("umask 022; LC_ALL=C", "umask 077; LC_ALL=C.UTF-8")) {
      Path stage = folder.resolve("stage-" + digests.size());
      Script.Result result =
          Script.in(ROOT).run(SOON, "sh", "-c", run + " docker/build.sh --stage-only " + stage);
      assertThat(result.exitCode()).as(result.output()).isZero();
      digests.add(result.lastLine());
    }
  }

  private static List<Path> jars(Path lib) throws IOException {
    try (Stream<Path> files = Files.list(lib)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  @Test
  void twoStagingsAreAlike() {
    assertThat(digests.get(0)).hasSize(64).isEqualTo(digests.get(1));
  }

  @Test
  void everyLibraryIsThisPlatformsAndNothingElseIsLost() throws IOException {
    Path lib = folder.resolve("stage-0/flotilla/lib");
    List<String> libraries = new ArrayList<>();
    for (Path jar : jars(lib)) {
      List<String> staged = names(jar);
      List<String> built = names(ROOT.resolve("node/target/dist/lib").resolve(jar.getFileName()));
      assertThat(staged).as(jar.toString()).isSubsetOf(built);
      staged.stream().filter(name -> LIBRARY.matcher(name).matches()).forEach(libraries::add);
      built.removeAll(staged);
      assertThat(built).as(jar.toString()).allMatch(name -> LIBRARY.matcher(name).matches());
    }
    String processor = System.getProperty("os.arch");
    assertThat(libraries)
        .as("RocksDB, zstd, lz4, and what Netty has twice: TLS and epoll")
        .hasSize(7)
        .noneMatch(name -> name.contains("musl") || name.contains("osx") || name.contains("win"))
        .allMatch(
            name ->
                processor.equals("aarch64")
                    ? name.contains("aarch")
                    : name.matches(".*(linux64|x86_64|amd64).*"));
  }

  private static List<String> names(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      assertThat(file.getManifest()).as(jar.toString()).isNotNull();
      return new ArrayList<>(
          file.stream().filter(e -> !e.isDirectory()).map(ZipEntry::getName).sorted().toList());
    }
  }

  @Test
  void manifestsStayWhatTheyWere() throws IOException {
    for (Path jar : jars(folder.resolve("stage-0/flotilla/lib"))) {
      Path built = ROOT.resolve("node/target/dist/lib").resolve(jar.getFileName());
      try (JarFile one = new JarFile(jar.toFile());
          JarFile other = new JarFile(built.toFile())) {
        assertThat(one.getManifest()).as(jar.toString()).isEqualTo(other.getManifest());
      }
    }
  }

  @Test
  void aFolderThatIsThereIsLeftAlone(@TempDir Path mine) throws IOException {
    Path file = Files.writeString(mine.resolve("letter"), "mine");
    Script.Result result =
        Script.in(ROOT).run(SOON, "docker/build.sh", "--stage-only", mine.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("that is there already");
    assertThat(file).exists();
  }
}
