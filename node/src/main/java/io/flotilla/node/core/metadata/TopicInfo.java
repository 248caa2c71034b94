package io.flotilla.node.core.metadata;

import io.flotilla.proto.state.v1.Cleanup;
import io.flotilla.proto.state.v1.TopicSettings;
import java.util.List;

/**
 * A topic. Immutable.
 *
 * @param topicId never used again, unlike the name
 * @param groups the Raft group that carries each partition, by partition number
 * @param settings what the topic itself sets
 */
public record TopicInfo(
    int topicId,
    String name,
    int replicationFactor,
    long createdUnixMs,
    List<Long> groups,
    TopicSettings settings) {

  public TopicInfo {
    groups = List.copyOf(groups);
  }

  /** The settings in force. */
  public TopicSettings settingsOver(TopicSettings defaults) {
    return defaults.toBuilder().mergeFrom(settings).build();
  }

  /** Of each key only the last event is kept: events need one. */
  public boolean compacts() {
    return settings.getCleanup() == Cleanup.CLEANUP_COMPACT
        || settings.getCleanup() == Cleanup.CLEANUP_BOTH;
  }

  /** Old events go by time and size, or when they are told to. */
  public boolean deletes() {
    return settings.getCleanup() != Cleanup.CLEANUP_COMPACT;
  }

  public int partitionCount() {
    return groups.size();
  }
}
