package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Refusal;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.DescribeTopicRequest;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.flotilla.proto.v1.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * All nodes are killed at once, as by a power cut that spares the page cache, and started again.
 */
class TotalLossTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SOME = 500;
  private static final CreateTopicRequest CREATE_NEWBORN =
      CreateTopicRequest.newBuilder().setTopic("newborn").setPartitions(3).build();

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @Test
  void nothingAcknowledgedIsLostWhenAllNodesAreKilled() {
    cluster.createTopic("orders", 3);
    long seed = Seeds.next("TotalLossTest");
    try (Workload workload = Workload.start(cluster.servers(), "orders", 3, seed)) {
      workload.awaitAcknowledged(SOME, SOON);

      cluster.killAll();

      cluster.ids().forEach(cluster::start);
      cluster.awaitReady();

      workload.awaitAcknowledged(SOME, SOON);
      Verdict.sound(cluster, workload);
    }
  }

  @Test
  @Tag("long")
  void nothingAcknowledgedIsLostWhenNodesAreKilledOneAfterTheOther() {
    cluster.createTopic("payments", 3);
    long seed = Seeds.next("TotalLossTest");
    try (Workload workload = Workload.start(cluster.servers(), "payments", 2, seed)) {
      workload.awaitAcknowledged(SOME, SOON);

      for (int node = 1; node <= cluster.size(); node++) {
        cluster.restart(node);
        cluster.awaitReady();
        workload.awaitAcknowledged(SOME, SOON);
      }

      Verdict.sound(cluster, workload);
    }
  }

  /**
   * Ratis keeps a group's members in its log only: groups without an entry never had a leader
   * again, and the topic was lost; found by KILL_ALL, in the groups of consumers' offsets.
   */
  @Test
  void aTopicWhoseReplicasWereKilledBeforeTheirFirstElectionIsServed() {
    List<Long> before = cluster.ids().map(this::groups).toList();
    CompletableFuture<Topic> created =
        CompletableFuture.supplyAsync(
            () -> cluster.anyWire().admin().createTopic(CREATE_NEWBORN).getTopic());
    Await.until(
        "all nodes have a new group",
        SOON,
        () -> cluster.ids().allMatch(id -> groups(id) > before.get(id - 1)));

    cluster.killAll();

    created.handle((topic, fault) -> topic).join(); // Its answer is lost, or came just in time.
    cluster.ids().forEach(cluster::start);
    cluster.awaitReady();
    for (int partition = 0; partition < CREATE_NEWBORN.getPartitions(); partition++) {
      cluster.awaitLeader("newborn", partition);
    }
  }

  private long groups(int node) {
    try (Stream<Path> folders = Files.list(cluster.node(node).data().resolve("raft/groups"))) {
      return folders.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It used to: a subscription that came to it while all nodes started was told so, and ended. */
  @Test
  void aNodeThatHasNotCaughtUpNeverSaysThatATopicDoesNotExist() {
    cluster.terminate(1); // What it has now is on its disk; what comes later need not be.
    cluster.start(1);
    cluster.awaitReady();
    cluster.createTopic("young", 1);
    cluster.killAll();
    DescribeTopicRequest young = DescribeTopicRequest.newBuilder().setTopic("young").build();

    cluster.start(1);

    Refusal told =
        Await.value(
            "node 1 answers",
            SOON,
            () ->
                Optional.of(Refusal.of(() -> cluster.wire(1).admin().describeTopic(young)))
                    .filter(refusal -> refusal.reason() != ErrorReason.ERROR_REASON_UNSPECIFIED));
    assertThat(told.reason()).isEqualTo(ErrorReason.ERROR_REASON_STARTING);
    ListTopicsRequest all = ListTopicsRequest.getDefaultInstance();
    assertThat(Refusal.of(() -> cluster.wire(1).admin().listTopics(all)).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_STARTING);

    cluster.start(2);
    cluster.start(3);
    cluster.awaitReady();
    assertThat(cluster.wire(1).admin().describeTopic(young).getTopic().getName())
        .isEqualTo("young");
  }
}
