package io.flotilla.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member of a consumer group.
 *
 * @param memberId its id
 * @param instanceId across restarts; empty: none
 * @param clientId as it called itself
 * @param host where it connects from, as the serving node sees it
 * @param rack its rack; empty: not said
 * @param node the node that serves it; null: its connection is lost
 * @param topics what it wants, names and patterns
 * @param joined when it joined
 * @param partitions what it has
 * @param revoking what it is to let go, part of what it has
 * @param sessionTimeout how long it outlives a lost connection
 */
public record GroupMemberDescription(
    String memberId,
    String instanceId,
    String clientId,
    String host,
    String rack,
    @Nullable Integer node,
    List<String> topics,
    Instant joined,
    List<TopicPartition> partitions,
    List<TopicPartition> revoking,
    Duration sessionTimeout) {

  public GroupMemberDescription {
    topics = List.copyOf(topics);
    partitions = List.copyOf(partitions);
    revoking = List.copyOf(revoking);
  }
}
