package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration is checked without a start: no node, no data, no port. */
final class NodeCommandTest {

  private static final String THREE =
      """
      node: {dir: %s}
      cluster:
        nodes: ["1@a:9095:9097", "2@b:9095:9097", "3@c:9095:9097"]
      topics: {retention-time: 3d}
      """;

  @TempDir Path folder;

  private CommandLineRun check(Map<String, String> environment, String yaml, String... more)
      throws IOException {
    Path file = Files.writeString(folder.resolve("node.yaml"), yaml);
    String[] words = {"node", "--config", file.toString(), "--check"};
    String[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return CommandLineRun.with(environment, "", all);
  }

  @Test
  void aGoodConfigurationIsFineAndSaysWhatTheNodeWouldBe() throws IOException {
    Path data = folder.resolve("data");

    CommandLineRun run = check(Map.of("FLOTILLA_NODE_ID", "2"), THREE.formatted(data));

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines().toList())
        .contains(
            "the configuration is fine: " + folder.resolve("node.yaml"),
            "node      2 of 1@a:9095:9097, 2@b:9095:9097, 3@c:9095:9097",
            "setting   node.id = 2 (FLOTILLA_NODE_ID)",
            "setting   topics.retention-time = 3d (line 4)")
        .anyMatch(line -> line.matches("memory    .*: heap .* direct .* store .*"));
    assertThat(data).as("nothing was begun").doesNotExist();
  }

  @Test
  void programsReadTheSameAsJson() throws IOException {
    CommandLineRun run =
        check(
            Map.of("FLOTILLA_NODE_ID", "2", "FLOTILLA_NODE_RACK", "zone-a"),
            THREE.formatted("d") + "memory: {store: 64MiB, raft-cache: 100GiB}",
            "-o",
            "json");

    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.path("node").asInt()).isEqualTo(2);
    assertThat(json.path("rack").asText()).isEqualTo("zone-a");
    assertThat(json.path("nodes")).hasSize(3);
    assertThat(json.path("settings"))
        .anySatisfy(
            one -> {
              assertThat(one.path("key").asText()).isEqualTo("memory.store");
              assertThat(one.path("value").asText()).isEqualTo("64MiB");
              assertThat(one.path("origin").asText()).isEqualTo("line 5");
            });
    assertThat(json.path("memory").path("store_bytes").asLong()).isEqualTo(64 << 20);
    assertThat(json.path("memory").path("heap_bytes").asLong())
        .isEqualTo(Runtime.getRuntime().maxMemory());
    assertThat(json.path("warnings"))
        .as("what does not fit is said, and does not forbid the start")
        .anySatisfy(one -> assertThat(one.asText()).contains("memory.raft-cache", "raise -Xmx"));
  }

  @Test
  void everyFaultIsToldWithItsPlaceAndNothingIsStarted() throws IOException {
    CommandLineRun run =
        check(
            Map.of("FLOTILLA_NODE_ID", "2"), THREE.formatted("d") + "topics.retention-byts: 1GiB");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("no node can start with " + folder.resolve("node.yaml"))
        .contains(
            "topics.retention-byts is not a setting;"
                + " did you mean topics.retention-bytes? (line 5)");
    assertThat(check(Map.of(), "node: {id: 4").err()).contains("not readable as YAML", "line 1");
    assertThat(check(Map.of(), "node: {id: 4, dir: d}\ncluster.nodes: 1@a:1:2").err())
        .contains("node.id is 4, which cluster.nodes does not name (line 1)");
  }

  @Test
  void aFileThatIsNotThereIsAMistakeOfTheCommandLine() {
    CommandLineRun run =
        CommandLineRun.of("node", "--config", folder.resolve("no.yaml").toString(), "--check");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("there is no such file");
  }
}
