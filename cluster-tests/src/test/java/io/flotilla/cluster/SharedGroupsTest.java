package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import io.flotilla.proto.v1.DeleteTopicRequest;
import io.flotilla.proto.v1.DescribeTopicRequest;
import io.flotilla.proto.v1.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Beyond a node's budget of groups, partitions of a topic share them, and lose nothing by it. */
@Tag("campaign")
class SharedGroupsTest {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final int PARTITIONS = 30;
  private static final int SHARED = 6;
  private static final int SOME = 500;

  /** Two groups for a topic of two, six that thirty partitions share; logs are purged soon. */
  @RegisterExtension
  static final TestCluster cluster =
      TestCluster.of(3)
          .with(
              """
              partitions: {groups-per-node: 9}
              raft: {checkpoint-interval: 1s, log-keep-bytes: 0}""");

  @Test
  void sharedGroupsSurviveALostLeaderAndAnEmptyDiskAndGoWithTheirTopic() {
    long alone = groups(cluster.createTopic("few", 2));
    assertThat(alone).isEqualTo(2);
    assertThat(groups(cluster.createTopic("many", PARTITIONS))).isEqualTo(SHARED);

    long seed = Seeds.next("SharedGroupsTest");
    try (Workload workload = Workload.start(cluster.servers(), "many", 2, seed)) {
      workload.awaitAcknowledged(SOME, SOON);
      int leader = cluster.awaitLeader("many", PARTITIONS - 1);
      cluster.kill(leader);
      workload.awaitAcknowledged(SOME, SOON);
      cluster.wipe(leader);
      cluster.start(leader);
      cluster.awaitReady();
      cluster.awaitWhole();
      workload.awaitAcknowledged(SOME, SOON);
      Verdict.sound(cluster, workload);
    }

    cluster.anyWire().admin().deleteTopic(DeleteTopicRequest.newBuilder().setTopic("many").build());
    Await.until(
        "no node keeps a log of the deleted topic's groups",
        SOON,
        () -> cluster.ids().allMatch(node -> logs(node) == alone + 1));
  }

  private static long groups(Topic created) {
    Topic topic =
        cluster
            .anyWire()
            .admin()
            .describeTopic(DescribeTopicRequest.newBuilder().setTopic(created.getName()).build())
            .getTopic();
    return topic.getPartitionsList().stream().map(p -> p.getGroup()).distinct().count();
  }

  /** Folders of Raft groups on a node's disk, the metadata's included. */
  private static long logs(int node) {
    Path groups = cluster.node(node).data().resolve("raft/groups");
    try (Stream<Path> folders = Files.list(groups)) {
      return folders.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
