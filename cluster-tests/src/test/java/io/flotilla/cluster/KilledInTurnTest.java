package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import io.flotilla.proto.v1.DescribeClusterRequest;
import io.flotilla.proto.v1.Node;
import io.flotilla.proto.v1.Replica;
import io.flotilla.proto.v1.ReplicaRole;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A kill damages nothing: nodes come back as who they were, with busy and with idle partitions. */
@Tag("campaign")
class KilledInTurnTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration CATCH_UP_MAX = Duration.ofSeconds(60);
  private static final int LAG_EVENTS_MAX = 5_000;
  private static final int ROUNDS = 2;
  private static final int SOME = 200;

  /** Logs are purged as soon as they may be, those of idle partitions, too. */
  @RegisterExtension
  static final TestCluster cluster =
      TestCluster.of(3).with("raft: {checkpoint-interval: 1s, log-keep-bytes: 0}");

  @Test
  void nodesThatAreKilledInTurnStayMembersUnderTheirNames() {
    cluster.createTopic("idle", 3);
    cluster.createTopic("busy", 3);
    List<String> names = names();
    long seed = Seeds.next("KilledInTurnTest");
    try (Workload workload = Workload.start(cluster.servers(), "busy", 3, seed)) {
      for (int round = 0; round < ROUNDS; round++) {
        for (int node = 1; node <= cluster.size(); node++) {
          workload.awaitAcknowledged(SOME, SOON);
          cluster.kill(node);
          workload.awaitAcknowledged(SOME, SOON);
          cluster.start(node);
          cluster.awaitReady();
          Await.until("all replicas follow", CATCH_UP_MAX, KilledInTurnTest::allFollow);
        }
      }
      Verdict.sound(cluster, workload);
    }
    assertThat(names()).isEqualTo(names);
    assertThat(cluster.replicas())
        .hasSize(18)
        .allMatch(replica -> replica.getRole() != ReplicaRole.REPLICA_ROLE_JOINING);
  }

  /** Under load they are never equal; behind by what is written in a moment is near enough. */
  private static boolean allFollow() {
    List<Replica> replicas = cluster.replicas();
    return replicas.size() == 18
        && replicas.stream()
            .allMatch(
                replica ->
                    (replica.getRole() == ReplicaRole.REPLICA_ROLE_LEADER
                            || replica.getRole() == ReplicaRole.REPLICA_ROLE_FOLLOWER)
                        && replica.getLagEvents() < LAG_EVENTS_MAX);
  }

  private static List<String> names() {
    return cluster
        .anyWire()
        .cluster()
        .describeCluster(DescribeClusterRequest.getDefaultInstance())
        .getNodesList()
        .stream()
        .map(Node::getIncarnation)
        .toList();
  }
}
