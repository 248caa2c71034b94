package io.flotilla.cluster.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code docker/entrypoint} with a folder in the place of the container's root: what it starts, and
 * how much memory it gives.
 */
class EntrypointTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long MIB = 1 << 20;
  private static final String UNLIMITED = "9223372036854771712";

  @TempDir Path root;

  @BeforeEach
  void script() throws IOException {
    String script = ComposeFiles.text("entrypoint");
    for (String place : new String[] {"/sys/fs/cgroup/", "/etc/flotilla/", "/opt/flotilla/"}) {
      assertThat(script).contains(place);
      script = script.replace(place, root + place);
      Files.createDirectories(root.resolve(place.substring(1)));
    }
    Files.createDirectories(root.resolve("sys/fs/cgroup/memory"));
    script = script.replace("/proc/meminfo", root + "/meminfo");
    Files.writeString(root.resolve("meminfo"), "MemTotal:  67108864 kB\nMemFree: 1 kB\n");
    Files.writeString(root.resolve("entrypoint"), script);
    Path flotilla = root.resolve("opt/flotilla/flotilla");
    Files.writeString(
        flotilla,
        "#!/bin/sh\necho \"$FLOTILLA_JAVA_OPTS\"\necho \"$FLOTILLA_NODE_ID\"\necho \"$@\"\n");
    assertThat(flotilla.toFile().setExecutable(true)).isTrue();
  }

  private void limit(String bytes) throws IOException {
    Files.writeString(root.resolve("sys/fs/cgroup/memory.max"), bytes + "\n");
  }

  /** Java options, node id, arguments: as the start script has them. */
  private Script.Result run(String environment, String arguments) {
    String command =
        "exec env -u FLOTILLA_JAVA_OPTS " + environment + " bash entrypoint " + arguments;
    Script.Result result = Script.in(root).run(SOON, "sh", "-c", command);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result;
  }

  /** One node has 30 % twice; what starts several divides, and keeps something for itself. */
  @ParameterizedTest(name = "{0} MiB: {1} -> {2}")
  @CsvSource({
    "1024, node, 307",
    "1024, node --config /data/node.yaml, 307",
    "32768, node, 9830",
    "100, node, 64",
    "131072, node, 19660", // More than the machine has.
    "1024, up --dev, 268",
    "4096, up, 396",
    "4096, up --nodes 1, 1190",
    "4096, up --nodes=5 --dir /data, 237",
    "4096, up --dir /data --node 2, 1190",
    "4096, up --nodes many, 1190",
    "2048, demo, 192",
    "64, up, 64"
  })
  void nodesAreSizedFromTheLimit(int limit, String arguments, int share) throws IOException {
    limit("" + limit * MIB);
    assertThat(run("LC_ALL=C", arguments).lines().get(0).strip())
        .isEqualTo("-Xms64m -Xmx%dm -XX:MaxDirectMemorySize=%<dm".formatted(share));
  }

  @ParameterizedTest
  @CsvSource({"topic list", "version", "bench"})
  void theCommandLineIsNot(String arguments) throws IOException {
    limit("" + 1024 * MIB);
    assertThat(run("LC_ALL=C", arguments).lines()).containsExactly("", "", arguments);
  }

  @Test
  void withoutALimitTheNodesOwnFlagsHold() throws IOException {
    assertThat(run("LC_ALL=C", "node").lines().get(0)).as("no file").isEmpty();
    limit("max");
    assertThat(run("LC_ALL=C", "node").lines().get(0)).as("version 2").isEmpty();
    Files.delete(root.resolve("sys/fs/cgroup/memory.max"));
    Path first = root.resolve("sys/fs/cgroup/memory/memory.limit_in_bytes");
    Files.writeString(first, UNLIMITED + "\n");
    assertThat(run("LC_ALL=C", "node").lines().get(0)).as("version 1").isEmpty();
    Files.writeString(first, 2048 * MIB + "\n");
    assertThat(run("LC_ALL=C", "node").lines().get(0)).contains("-Xmx614m");
  }

  @Test
  void whatTheOperatorSaysComesLast() throws IOException {
    limit("" + 1024 * MIB);
    assertThat(run("FLOTILLA_JAVA_OPTS='-Xmx200m -Da=b'", "up --dev").lines().get(0))
        .endsWith("-XX:MaxDirectMemorySize=268m -Xmx200m -Da=b");
  }

  @Test
  void aPodIsTheNodeThatItsNameCounts() throws IOException {
    assertThat(run("HOSTNAME=flotilla-4", "node").lines())
        .containsExactly("", "5", "node --config " + root + "/opt/flotilla/node.yaml");
    assertThat(run("HOSTNAME=flotilla-4 FLOTILLA_NODE_ID=2", "node").lines().get(1)).isEqualTo("2");
    Path config = Files.writeString(root.resolve("etc/flotilla/node.yaml"), "node: {}\n");
    assertThat(run("HOSTNAME=flotilla", "node").lines())
        .containsExactly("", "", "node --config " + config);
    assertThat(run("HOSTNAME=flotilla-4", "node --config x").lines())
        .as("whoever names a configuration has it there")
        .containsExactly("", "", "node --config x");
  }
}
