package io.flotilla.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition.
 *
 * @param partition its number
 * @param group the Raft group that carries it
 * @param replicas the nodes that hold it; the first one is the preferred leader
 * @param leader the leader as last reported; null when none is known
 */
public record PartitionDescription(
    int partition, long group, List<Integer> replicas, @Nullable Leader leader) {

  public PartitionDescription {
    replicas = List.copyOf(replicas);
  }
}
