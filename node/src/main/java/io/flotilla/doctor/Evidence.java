package io.flotilla.doctor;

import io.flotilla.client.ClusterDescription;
import io.flotilla.client.GroupDescription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was asked for, once, before it is judged. Immutable.
 *
 * @param servers how the connection to each server that was given came out, by {@code host:port};
 *     null: it answers
 * @param nodes the same of the addresses that nodes advertise, those that were not given
 * @param cluster with replicas; null when no server could tell
 * @param clockAhead how much the clock of the node that answered is ahead of the one here; null
 *     when it did not say
 * @param groups the consumer groups, with their partitions
 * @param groupsLeft how many more there are, which were not asked for, or did not answer
 * @param groupsProblem why none could be listed; null: they were
 */
public record Evidence(
    Map<String, @Nullable String> servers,
    Map<String, @Nullable String> nodes,
    @Nullable ClusterDescription cluster,
    @Nullable Duration clockAhead,
    List<GroupDescription> groups,
    int groupsLeft,
    @Nullable String groupsProblem) {

  public Evidence {
    groups = List.copyOf(groups);
  }
}
