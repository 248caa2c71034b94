package io.flotilla.cli.cluster;

import io.flotilla.cli.output.Doc;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.NodeDescription.DiskState;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaDescription.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The cluster, as {@code cluster describe} answers. */
@Doc("The cluster: nodes, and replicas with those furthest behind first.")
record ClusterDetail(
    @Doc("Chosen at its first start.") String clusterId,
    @Doc("Revision of the metadata.") long revision,
    @Doc("The node that leads the metadata; null when none is known.")
        @Nullable Integer metadataLeader,
    @Doc("The term in which it leads.") long metadataTerm,
    @Doc("How many topics there are.") int topics,
    @Doc("How many partitions there are.") int partitions,
    @Doc("The node that answered.") int answeredBy,
    @Doc("The nodes, by id.") List<NodeRow> nodes,
    @Doc("The replicas, the largest lag first.") List<ReplicaRow> replicas) {

  /** One node. */
  @Doc("A node.")
  record NodeRow(
      @Doc("Its id.") int node,
      @Doc("Host and client port.") String address,
      @Doc("up, unreachable or unknown.") String state,
      @Doc("How many partitions it leads.") int leaders,
      @Doc("How many replicas it holds.") int replicas,
      @Doc("Version of its software.") String version,
      @Doc("Changes when its disk was replaced.") String incarnation,
      @Doc("Where it stands; null: not said.") @Nullable String rack,
      @Doc("How full its disk is: normal, warn or full; null while it is silent.")
          @Nullable String disk,
      @Doc("Bytes that it can still write.") @Nullable Long diskFreeBytes,
      @Doc("Bytes of its disk.") @Nullable Long diskTotalBytes) {}

  /** One replica of one partition. */
  @Doc("A replica of a partition, as its node sees it. Fields are null while its node is silent.")
  record ReplicaRow(
      @Doc("The topic.") String topic,
      @Doc("The partition.") int partition,
      @Doc("The node that holds it.") int node,
      @Doc("leader, follower, candidate, joining (being rebuilt) or unknown.") String role,
      @Doc("Its Raft term.") @Nullable Long term,
      @Doc("The first offset it keeps.") @Nullable Long logStart,
      @Doc("The first offset it cannot read yet.") @Nullable Long end,
      @Doc("How many events it is behind the leader.") @Nullable Long lagEvents,
      @Doc("The Raft index it has applied.") @Nullable Long appliedIndex) {}

  static ClusterDetail of(ClusterDescription cluster) {
    return new ClusterDetail(
        cluster.clusterId(),
        cluster.revision(),
        cluster.metadataLeader() == 0 ? null : cluster.metadataLeader(),
        cluster.metadataTerm(),
        cluster.topicCount(),
        cluster.partitionCount(),
        cluster.answeredBy(),
        cluster.nodes().stream().map(ClusterDetail::node).toList(),
        cluster.replicas().stream()
            .map(ClusterDetail::replica)
            .sorted(Comparator.comparingLong(ClusterDetail::worst).reversed())
            .toList());
  }

  /** Silent replicas first, then by lag; the sort keeps the order by name among equals. */
  private static long worst(ReplicaRow replica) {
    return replica.lagEvents() == null ? Long.MAX_VALUE : replica.lagEvents();
  }

  private static NodeRow node(NodeDescription node) {
    String host = node.host().indexOf(':') >= 0 ? "[" + node.host() + "]" : node.host();
    boolean silent = node.diskState() == DiskState.UNKNOWN;
    return new NodeRow(
        node.nodeId(),
        host + ":" + node.port(),
        node.state().name().toLowerCase(Locale.ROOT),
        node.leaderCount(),
        node.replicaCount(),
        node.version(),
        node.incarnation(),
        node.rack().isEmpty() ? null : node.rack(),
        silent ? null : node.diskState().name().toLowerCase(Locale.ROOT),
        silent ? null : (Long) node.diskFreeBytes(),
        silent ? null : (Long) node.diskTotalBytes());
  }

  private static ReplicaRow replica(ReplicaDescription replica) {
    boolean silent = replica.role() == Role.UNKNOWN;
    return new ReplicaRow(
        replica.topic(),
        replica.partition(),
        replica.nodeId(),
        replica.role().name().toLowerCase(Locale.ROOT),
        silent ? null : (Long) replica.term(),
        silent ? null : (Long) replica.logStartOffset(),
        silent ? null : (Long) replica.highWatermark(),
        silent ? null : (Long) replica.lagEvents(),
        silent ? null : (Long) replica.appliedIndex());
  }
}
