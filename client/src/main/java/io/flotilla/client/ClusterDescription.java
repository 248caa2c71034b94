package io.flotilla.client;

import java.util.List;

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
    int answeredBy) {

  public ClusterDescription {
    nodes = List.copyOf(nodes);
    replicas = List.copyOf(replicas);
  }
}
