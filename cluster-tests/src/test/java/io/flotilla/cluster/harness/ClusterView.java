package io.flotilla.cluster.harness;

import com.google.protobuf.TextFormat;
import io.flotilla.proto.internal.v1.HelloRequest;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.DescribeClusterRequest;
import io.flotilla.proto.v1.DescribeClusterResponse;
import io.flotilla.proto.v1.NodeState;
import io.flotilla.proto.v1.Replica;
import io.flotilla.proto.v1.ReplicaRole;
import io.flotilla.proto.v1.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a cluster looks like from outside, asked through its public services only. Beliefs of dead
 * or paused nodes do not count. Confined to the test's thread.
 */
final class ClusterView {
  private static final Set<ReplicaRole> OUTSIDE =
      EnumSet.of(
          ReplicaRole.REPLICA_ROLE_JOINING,
          ReplicaRole.REPLICA_ROLE_DAMAGED,
          ReplicaRole.REPLICA_ROLE_UNSPECIFIED);

  private final TestCluster cluster;

  /** How long a cluster may take to form, elect, or catch up on a slow machine. */
  private Duration settleMax = Duration.ofMinutes(2);

  ClusterView(TestCluster cluster) {
    this.cluster = cluster;
  }

  void settleWithin(Duration atMost) {
    settleMax = atMost;
  }

  DescribeClusterResponse describe() {
    return describe(cluster.anyWire());
  }

  DescribeClusterResponse describe(Wire wire) {
    return wire.cluster()
        .describeCluster(DescribeClusterRequest.newBuilder().setIncludeReplicas(true).build());
  }

  Topic createTopic(String topic, int partitions) {
    // One id for all: neither a lost answer nor a second class of tests meets TOPIC_EXISTS.
    CreateTopicRequest request =
        CreateTopicRequest.newBuilder()
            .setTopic(topic)
            .setPartitions(partitions)
            .setRequestId("test-" + Integer.toHexString(topic.hashCode()))
            .build();
    Topic created =
        Await.value(
            "topic " + topic + " is created",
            settleMax,
            () -> Optional.of(cluster.anyWire().admin().createTopic(request).getTopic()));
    for (int partition = 0; partition < partitions; partition++) {
      awaitLeader(topic, partition);
    }
    return created;
  }

  void awaitReady() {
    Set<Integer> expected = responsiveIds();
    long begin = System.nanoTime();
    Await.until(
        "nodes " + expected + " see each other and a metadata leader",
        settleMax,
        () -> expected.stream().allMatch(node -> sees(cluster.wire(node), expected)));
    System.out.printf(
        "nodes %s are ready after %d ms%n", expected, (System.nanoTime() - begin) / 1_000_000);
  }

  private boolean sees(Wire wire, Set<Integer> expected) {
    DescribeClusterResponse picture = describe(wire);
    Set<Integer> up =
        picture.getNodesList().stream()
            .filter(node -> node.getState() == NodeState.NODE_STATE_UP)
            .map(node -> node.getNodeId())
            .collect(Collectors.toSet());
    return up.containsAll(expected) && expected.contains(picture.getMetadataLeader());
  }

  void awaitWhole() {
    Await.untilNone(
        "every node votes for the metadata and every replica in its group",
        settleMax,
        () -> missing(describe()));
  }

  private List<String> missing(DescribeClusterResponse picture) {
    List<String> missing = new ArrayList<>();
    if (!picture.getMetadataVotersList().equals(cluster.ids().toList())) {
      missing.add("the metadata's voters are " + picture.getMetadataVotersList());
    }
    picture.getReplicasList().stream()
        .filter(replica -> OUTSIDE.contains(replica.getRole()))
        .map(replica -> TextFormat.printer().emittingSingleLine(true).printToString(replica))
        .forEach(missing::add);
    cluster
        .ids()
        .filter(node -> !isSettled(node))
        .map(node -> "node " + node + " waits to be let in somewhere")
        .forEach(missing::add);
    return missing;
  }

  /** Whether a node is a member of every Raft group that it should have, coordinators included. */
  private boolean isSettled(int node) {
    return cluster.wire(node).peers().hello(HelloRequest.getDefaultInstance()).getSettled();
  }

  int awaitMetadataLeader() {
    return Await.value(
        "a responsive node leads the metadata",
        settleMax,
        () -> responsive(describe().getMetadataLeader()));
  }

  int awaitLeader(String topic, int partition) {
    return Await.value(
        "a responsive node leads " + topic + "-" + partition,
        settleMax,
        () -> responsive(leaderOf(topic, partition)));
  }

  int leaderOf(String topic, int partition) {
    return describe().getReplicasList().stream()
        .filter(replica -> replica.getTopic().equals(topic))
        .filter(replica -> replica.getPartition() == partition)
        .filter(replica -> replica.getRole() == ReplicaRole.REPLICA_ROLE_LEADER)
        .max(Comparator.comparingLong(Replica::getTerm))
        .map(Replica::getNodeId)
        .orElse(0);
  }

  void awaitCaughtUp() {
    Await.until(
        "all replicas have the same high watermark",
        settleMax,
        () -> {
          Set<Integer> running = responsiveIds();
          Map<String, List<Replica>> partitions =
              describe().getReplicasList().stream()
                  .filter(replica -> running.contains(replica.getNodeId()))
                  .collect(Collectors.groupingBy(r -> r.getTopic() + "-" + r.getPartition()));
          return partitions.values().stream().allMatch(ClusterView::agree);
        });
  }

  private static boolean agree(List<Replica> replicas) {
    boolean known =
        replicas.stream().allMatch(r -> r.getRole() != ReplicaRole.REPLICA_ROLE_UNSPECIFIED);
    boolean led = replicas.stream().anyMatch(r -> r.getRole() == ReplicaRole.REPLICA_ROLE_LEADER);
    return known && led && replicas.stream().map(Replica::getHighWatermark).distinct().count() == 1;
  }

  private Optional<Integer> responsive(int node) {
    return Optional.of(node).filter(responsiveIds()::contains);
  }

  private Set<Integer> responsiveIds() {
    return cluster.responsive().map(NodeProcess::id).collect(Collectors.toSet());
  }
}
