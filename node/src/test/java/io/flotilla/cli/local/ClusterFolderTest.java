package io.flotilla.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flotilla.cli.error.CliException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterFolderTest {

  @TempDir Path dir;

  @Test
  void portsAreChosenOnceAndKept() throws Exception {
    ClusterFolder created = ClusterFolder.create(dir, 3, 0);
    ClusterFolder opened = ClusterFolder.open(dir);
    assertThat(opened.nodes()).isEqualTo(created.nodes()).hasSize(3);
    assertThat(
            opened.nodes().stream()
                .flatMap(node -> Stream.of(node.grpcPort(), node.httpPort(), node.raftPort()))
                .distinct())
        .hasSize(9);
  }

  @Test
  void nodesLieTenPortsApart() {
    assertThat(Ports.choose(3, 9095))
        .containsExactly(
            new NodePlace(1, "127.0.0.1", 9095, 9096, 9097),
            new NodePlace(2, "127.0.0.1", 9105, 9106, 9107),
            new NodePlace(3, "127.0.0.1", 9115, 9116, 9117));
  }

  @Test
  void aPortThatIsTakenIsNamedAndNothingIsWritten() throws Exception {
    try (ServerSocket taken =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      assertThatThrownBy(() -> ClusterFolder.create(dir, 1, taken.getLocalPort()))
          .isInstanceOf(CliException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + " is taken");
      assertThat(ClusterFolder.exists(dir)).isFalse();
    }
  }

  @Test
  void theConfigurationNamesAllNodes() throws Exception {
    ClusterFolder folder = ClusterFolder.create(dir.resolve("with \"quotes\""), 3, 0);
    Path config = folder.configure(folder.node(2));
    JsonNode yaml = new YAMLMapper().readTree(config.toFile());
    assertThat(yaml.at("/node/id").asInt()).isEqualTo(2);
    assertThat(Path.of(yaml.at("/node/dir").asText()))
        .isEqualTo(folder.folder(folder.node(2)).resolve("data"));
    NodePlace third = folder.nodes().get(2);
    assertThat(yaml.at("/cluster/nodes/2").asText())
        .isEqualTo("3@127.0.0.1:" + third.grpcPort() + ":" + third.raftPort());
    assertThat(yaml.at("/http/port").asInt()).isEqualTo(folder.node(2).httpPort());
  }

  @Test
  void anUnknownNodeNamesThoseThereAre() throws Exception {
    ClusterFolder folder = ClusterFolder.create(dir, 3, 0);
    assertThatThrownBy(() -> folder.node(4))
        .isInstanceOfSatisfying(
            CliException.class, e -> assertThat(e.report().because()).contains("1, 2, 3"));
  }

  @Test
  void aRunningNodeIsNotStartedTwice() throws Exception {
    ClusterFolder folder = ClusterFolder.create(dir, 1, 0);
    NodePlace node = folder.node(1);
    Files.createDirectories(folder.folder(node));
    ProcessHandle self = ProcessHandle.current();
    long started = self.info().startInstant().orElseThrow().toEpochMilli();
    Files.writeString(folder.pid(node), self.pid() + " " + started + "\n");
    assertThatThrownBy(() -> NodeProcess.refuseIfRunning(folder, node))
        .hasMessageContaining("it runs already");

    Files.writeString(folder.pid(node), self.pid() + " " + (started - 5_000) + "\n");
    NodeProcess.refuseIfRunning(folder, node); // A namesake: the same id, born at another time.
    Files.writeString(folder.pid(node), "");
    NodeProcess.refuseIfRunning(folder, node);
  }

  @Test
  void theFlagsOfANodeComeFromOneFile() {
    assertThat(NodeJvm.flags()).contains("-XX:+ExitOnOutOfMemoryError").noneMatch(String::isBlank);
    assertThat(NodeJvm.command(dir, Map.of("FLOTILLA_JAVA_OPTS", " -Xmx1g  -Dx=y ")))
        .containsSubsequence("-Xmx512m", "-Xmx1g", "-Dx=y", "-cp");
  }
}
