package io.flotilla.console.watch;

import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaDescription.Role;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition as its replicas told.
 *
 * @param partition its number
 * @param replicas by node; one whose node did not answer has no role
 * @param perSecond events a second of late
 */
public record PartitionNow(int partition, List<ReplicaDescription> replicas, double perSecond) {

  public PartitionNow {
    replicas = List.copyOf(replicas);
  }

  /** The replica that leads in the highest term; null = none says so. */
  public @Nullable ReplicaDescription leader() {
    return replicas.stream()
        .filter(replica -> replica.role() == Role.LEADER)
        .max(Comparator.comparingLong(ReplicaDescription::term))
        .orElse(null);
  }

  public int leaderNode() {
    ReplicaDescription leader = leader();
    return leader == null ? 0 : leader.nodeId();
  }

  /** Replicas that do not do what they should. */
  public List<ReplicaDescription> missing() {
    return replicas.stream()
        .filter(replica -> replica.role() != Role.LEADER && replica.role() != Role.FOLLOWER)
        .toList();
  }

  /** Behind its last event, as far as anybody knows. */
  public long end() {
    return replicas.stream().mapToLong(ReplicaDescription::highWatermark).max().orElse(0);
  }

  /** Its first event. */
  public long start() {
    ReplicaDescription leader = leader();
    return leader != null
        ? leader.logStartOffset()
        : replicas.stream().mapToLong(ReplicaDescription::logStartOffset).max().orElse(0);
  }
}
