package io.flotilla.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of somebody who logs by something else than Logback: a JVM of their own for each. */
class ProviderTest {

  private static final long MINUTES_MAX = 3;

  @TempDir Path folder;

  @Test
  void withoutAProviderNodesRunInSilenceAndAFailureSaysHowToSeeTheirLog() throws Exception {
    String printed = run(List.of(), RunTest.FirstCase.class);
    assertThat(printed).isEqualTo("passed 1, failed 0\n");

    String failed = run(List.of(), RunTest.FailingCase.class);
    assertThat(failed)
        .contains(
            "fails(FlotillaCluster) failed; the nodes' last log lines:",
            "none are kept: only Logback's are, ch.qos.logback:logback-classic",
            "is kept in " + folder)
        .doesNotContain("SLF4J")
        .endsWith("passed 0, failed 1\n");
  }

  @Test
  void anotherProviderPrintsWhatNodesLogAndNobodyElsePrints() throws Exception {
    Path services = Files.createDirectories(folder.resolve("theirs/META-INF/services"));
    Files.writeString(
        services.resolve("org.slf4j.spi.SLF4JServiceProvider"), TheirLogging.class.getName());

    String printed = run(List.of(folder.resolve("theirs").toString()), RunTest.FirstCase.class);

    assertThat(printed).contains("theirs: node serves node=1").endsWith("passed 1, failed 0\n");
    assertThat(printed.lines().filter(line -> !line.startsWith("theirs: ")))
        .containsExactly("passed 1, failed 0");
  }

  /** What is printed when the class is run on this class path without Logback. */
  private String run(List<String> before, Class<?> test) throws Exception {
    List<String> path =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("logback-"))
            .collect(Collectors.toList());
    path.addAll(0, before);
    Path printed = Files.createTempFile(folder, "printed", ".txt");
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                String.join(File.pathSeparator, path),
                OneClass.class.getName(),
                test.getName())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    try {
      assertThat(jvm.waitFor(MINUTES_MAX, TimeUnit.MINUTES)).isTrue();
    } finally {
      jvm.destroyForcibly();
    }
    // Java itself warns of native libraries, from 24 on, with an empty line behind.
    return Files.readString(printed, StandardCharsets.UTF_8)
        .replaceAll("(?m)(^WARNING: .*\\R)+(^\\R)?", "");
  }
}
