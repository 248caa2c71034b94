package io.flotilla.client;

import java.time.Instant;
import java.util.List;

/**
 * A topic.
 *
 * @param name its name
 * @param topicId its id, never used again; 0 when it was only validated
 * @param partitionCount how many partitions
 * @param replicationFactor how many replicas each has
 * @param created when it was created
 * @param partitions its partitions in order; empty in lists
 * @param settings those in force, by its own word or the cluster's
 * @param ownSettings what it sets itself
 */
public record TopicDescription(
    String name,
    long topicId,
    int partitionCount,
    int replicationFactor,
    Instant created,
    List<PartitionDescription> partitions,
    TopicSettings settings,
    TopicSettings ownSettings) {

  public TopicDescription {
    partitions = List.copyOf(partitions);
  }

  /** Every partition has a leader; false in lists, which know nothing of partitions. */
  public boolean ready() {
    return !partitions.isEmpty() && partitions.stream().allMatch(p -> p.leader() != null);
  }
}
