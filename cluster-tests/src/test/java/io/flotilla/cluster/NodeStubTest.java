package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.harness.Tools;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.Partition;
import io.flotilla.proto.v1.Topic;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The Node.js example, a stock stub in another language, publishes and subscribes through a node
 * that has nothing of the topic. Needs node and npm: without them it fails in CI and is skipped
 * elsewhere.
 */
class NodeStubTest {
  private static final Duration INSTALL_MAX = Duration.ofMinutes(3);
  private static final Duration SCRIPT_MAX = Duration.ofSeconds(30);
  private static final Script EXAMPLE =
      Script.in(NodeProcess.home().resolve("client/examples/node"));

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  @BeforeAll
  static void install() {
    Tools.assumeNpm();
    Script.Result installed =
        EXAMPLE.run(INSTALL_MAX, "npm", "ci", "--prefer-offline", "--no-audit", "--no-fund");
    assertThat(installed.exitCode()).as(installed.output()).isZero();
  }

  @Test
  void stockStubPublishesAndSubscribesThroughANodeThatHoldsNothing() {
    Topic topic = createUnreplicatedTopic();
    List<Integer> holders =
        topic.getPartitionsList().stream()
            .map(Partition::getReplicasList)
            .flatMap(List::stream)
            .toList();
    int stranger = cluster.ids().filter(node -> !holders.contains(node)).findFirst().orElseThrow();
    String server = cluster.server(stranger);

    Script.Result published =
        EXAMPLE.run(
            SCRIPT_MAX, "node", "publish.mjs", server, "notifications", "1", "Bruno", "Carla");
    assertThat(published.exitCode()).as(published.output()).isZero();
    assertThat(published.lines()).containsExactly("notifications-0 @ 0", "notifications-0 @ 1");

    Script.Result received =
        EXAMPLE.run(SCRIPT_MAX, "node", "subscribe.mjs", server, "notifications", "2");
    assertThat(received.exitCode()).as(received.output()).isZero();
    assertThat(received.lines())
        .containsExactly("notifications-0 @ 0: 1 Bruno", "notifications-0 @ 1: 1 Carla");

    Script.Result first =
        EXAMPLE.run(SCRIPT_MAX, "node", "consume.mjs", server, "notifications", "readers", "1");
    assertThat(first.exitCode()).as(first.output()).isZero();
    assertThat(first.lines()).first().isEqualTo("notifications-0 @ 0: 1 Bruno");
  }

  @Test
  void refusalReachesTheStockStub() {
    Script.Result refused =
        EXAMPLE.run(SCRIPT_MAX, "node", "publish.mjs", cluster.server(1), "nowhere", "1", "Bruno");

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.output()).contains("NOT_FOUND", "nowhere");
  }

  private static Topic createUnreplicatedTopic() {
    Topic topic =
        cluster
            .anyWire()
            .admin()
            .createTopic(
                CreateTopicRequest.newBuilder()
                    .setTopic("notifications")
                    .setPartitions(1)
                    .setReplicationFactor(1)
                    .build())
            .getTopic();
    cluster.awaitLeader("notifications", 0);
    return topic;
  }
}
