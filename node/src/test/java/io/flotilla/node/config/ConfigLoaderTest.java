package io.flotilla.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.node.config.ConfigLoader.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

  private static final String THREE =
      """
      node: {id: 2, dir: data}
      cluster:
        nodes: ["1@a:9095:9097", "2@b:9095:9097", "3@c:9095:9097"]
      """;

  @TempDir Path folder;

  private NodeConfig load(String yaml, Map<String, String> environment) throws IOException {
    return ConfigLoader.load(Files.writeString(folder.resolve("node.yaml"), yaml), environment);
  }

  @Test
  void theFileNamesTheNodeAndItsCluster() throws IOException {
    NodeConfig config = load(THREE, Map.of());

    assertThat(config.self()).isEqualTo(new ClusterNode(2, "b", 9095, 9097));
    assertThat(config.grpc().port()).isEqualTo(9095);
    assertThat(config.raft()).isEqualTo(RaftConfig.defaults());
  }

  @Test
  void theEnvironmentOverridesEveryKey() throws IOException {
    NodeConfig config =
        load(
            THREE,
            Map.of(
                "FLOTILLA_NODE_ID", "3",
                "FLOTILLA_CLUSTER_NODES", "1@x:1:2, 2@y:1:2, 3@z:1:2",
                "FLOTILLA_RAFT_CHECKPOINT_INTERVAL", "5s",
                "FLOTILLA_BATCH_MAX_BYTES", "512KiB"));

    assertThat(config.self().host()).isEqualTo("z");
    assertThat(config.raft().checkpointInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.batchBytesMax()).isEqualTo(512 << 10);
  }

  @Test
  void topicsAreCreatedByPublishingOnlyWhereThatIsSaid() throws IOException {
    assertThat(load(THREE, Map.of()).topics().autoCreate()).isFalse();
    assertThat(load(THREE + "topics: {auto-create: true}", Map.of()).topics().autoCreate())
        .isTrue();
  }

  @Test
  void whatMetricsMayCostHasBounds() throws IOException {
    NodeConfig config =
        load(THREE + "metrics: {partitions: true, otlp-url: \"http://c:4318/v1\"}", Map.of());

    assertThat(config.metrics().partitions()).isTrue();
    assertThat(config.metrics().pushes()).isTrue();
    assertThat(config.metrics().topicsMax()).isEqualTo(200);
    assertThatThrownBy(
            () ->
                load(
                    THREE
                        + "metrics: {topics-max: 5000, groups-max: -1, otlp-url: c,"
                        + " otlp-interval: 1ms}",
                    Map.of()))
        .hasMessageContaining("metrics.topics-max must be 0 to 1000")
        .hasMessageContaining("metrics.groups-max must be 0 to 1000")
        .hasMessageContaining("metrics.otlp-url must be an http or https address, or empty")
        .hasMessageContaining("metrics.otlp-interval must be 1s to 1h");
    assertThatThrownBy(() -> load(THREE + "metrics: {partitions: maybe}", Map.of()))
        .hasMessageContaining("metrics.partitions is \"maybe\"; expected true or false");
  }

  @Test
  void allFaultsAreToldAtOnce() {
    assertThatThrownBy(() -> load("node: {id: x}\nraft: {checkpoint-intervall: 5s}", Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("node.id is \"x\"; expected a whole number")
        .hasMessageContaining("node.dir is required (or FLOTILLA_NODE_DIR)")
        .hasMessageContaining(
            "raft.checkpoint-intervall is not a setting; did you mean raft.checkpoint-interval?");
  }

  @Test
  void aClusterHasOneThreeOrFiveNodesWithAddressesOfTheirOwn() {
    assertThatThrownBy(
            () ->
                load(
                    "node: {id: 1, dir: d}\ncluster: {nodes: [\"1@a:1:2\", \"1@a:1:3\"]}",
                    Map.of()))
        .hasMessageContaining("cluster.nodes names 2 nodes; a cluster has 1, 3 or 5")
        .hasMessageContaining("id 1 occurs twice")
        .hasMessageContaining("uses an address that is taken");
  }

  @Test
  void aNodeIsWrittenAsIdHostAndPorts() {
    assertThat(ClusterNode.parse("7@10.0.0.1:9095:9097"))
        .isEqualTo(new ClusterNode(7, "10.0.0.1", 9095, 9097));
    for (String bad : new String[] {"", "a", "1@", "1@h:1", "x@h:1:2", "0@h:1:2", "1@h:0:70000"}) {
      assertThatThrownBy(() -> ClusterNode.parse(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cluster.nodes");
    }
  }

  @Test
  void whatIsWrongIsToldWithItsPlace() {
    String yaml =
        """
        node: {id: 1, dir: d}
        cluster: {nodes: ["1@a:1:2"]}
        topics:
          retention-tme: 3d
          cleanup-interval: soon
        grpc.call-threads: 4
        grpc:
          call-threads: 8
        http: {console: {hosts: [a, {b: c}]}}
        """;
    assertThatThrownBy(() -> load(yaml, Map.of("FLOTILLA_HTTP_PORT", "http")))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.faults())
                    .containsExactlyInAnyOrder(
                        "topics.retention-tme is not a setting;"
                            + " did you mean topics.retention-time? (line 4)",
                        "topics.cleanup-interval is \"soon\"; expected a duration such as 500ms,"
                            + " 10s, 5m or 7d (line 5)",
                        "grpc.call-threads is given twice (lines 6 and 8)",
                        "http.console.hosts must be a list of plain values (line 9)",
                        "http.port is \"http\"; expected a whole number (FLOTILLA_HTTP_PORT)"));
    assertThatThrownBy(() -> load(THREE + "http: {port: 70000}", Map.of()))
        .as("a value that is read, but not allowed")
        .hasMessageContaining("http.port must be 0, for none, or 1 to 65535 (line 4)");
  }

  @Test
  void whatIsGivenIsToldWithItsPlace() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("node.yaml"),
            THREE + "topics.retention-time: 1d\ntracing.otlp-url: http://me:secret@c:1");

    assertThat(ConfigLoader.read(file, Map.of("FLOTILLA_NODE_ID", "3")).given())
        .containsExactlyInAnyOrder(
            new Given("node.id", "3", "FLOTILLA_NODE_ID"),
            new Given("node.dir", "data", "line 1"),
            new Given("cluster.nodes", "1@a:9095:9097,2@b:9095:9097,3@c:9095:9097", "line 3"),
            new Given("topics.retention-time", "1d", "line 4"),
            new Given("tracing.otlp-url", "http://***@c:1", "line 5"));
  }

  @Test
  void aSectionMayBeEmptyAndMayComeInPieces() throws IOException {
    NodeConfig config =
        load(THREE + "topics:\nraft: {rebuilds-max: 3}\nraft.segment-bytes: 8MiB", Map.of());

    assertThat(config.raft().rebuildsMax()).isEqualTo(3);
    assertThat(config.raft().segmentBytes()).isEqualTo(8 << 20);
  }

  @Test
  void aFileThatIsNoConfigurationIsSaidSo() {
    assertThatThrownBy(() -> load("node", Map.of()))
        .hasMessageContaining("must be keys with values, such as node: {id: 1} (line 1)");
    assertThatThrownBy(() -> load(THREE + "---\nnode: {id: 3}", Map.of()))
        .hasMessageContaining("has a second document, which nobody would read");
    assertThatThrownBy(() -> load(THREE + "http: {host: &a x}\ngrpc: {host: *a}", Map.of()))
        .hasMessageContaining(
            "grpc.host is an alias, which is not followed: write its value (line 5)");
    assertThatThrownBy(() -> load("node:\n  id: 1\n dir: [", Map.of()))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.faults())
                    .singleElement()
                    .asString()
                    .matches("not readable as YAML: \\S.*\\S \\(line 3\\)"));
  }

  @Test
  void unreadableYamlIsSaidSo() {
    assertThatThrownBy(() -> load("node: [", Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("not readable as YAML");
  }
}
