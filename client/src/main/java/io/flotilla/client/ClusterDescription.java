package io.flotilla.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A picture of the cluster.
 *
 * @param clusterId chosen at its first start
 * @param revision of the metadata
 * @param nodes by id
 * @param metadataLeader the node that leads the metadata; 0 when none is known
 * @param metadataTerm the term in which it leads
 * @param topicCount how many topics
 * @param partitionCount how many partitions
 * @param replicas by topic, partition and node; empty unless asked for
 * @param answeredBy the node that answered
 * @param topicAutoCreate it is there for development: producers create topics that are not there
 * @param metadataVoters the nodes whose votes count for the metadata; one with a new or damaged
 *     disk is missing until it has caught up
 * @param clock that of the node that answered, when it did; null unless replicas were asked for
 */
public record ClusterDescription(
    String clusterId,
    long revision,
    List<NodeDescription> nodes,
    int metadataLeader,
    long metadataTerm,
    int topicCount,
    int partitionCount,
    List<ReplicaDescription> replicas,
    int answeredBy,
    boolean topicAutoCreate,
    List<Integer> metadataVoters,
    @Nullable Instant clock) {

  public ClusterDescription {
    nodes = List.copyOf(nodes);
    replicas = List.copyOf(replicas);
    metadataVoters = List.copyOf(metadataVoters);
  }
}
