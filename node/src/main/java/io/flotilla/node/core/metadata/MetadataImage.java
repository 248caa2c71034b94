package io.flotilla.node.core.metadata;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * All that every node knows of the cluster, at one revision. Immutable, for any thread: each map
 * belongs to its image and is never written again; what did not change is shared with the image
 * before.
 *
 * @param nextTopicId the next topic's number: a lower one that is not in topics has been deleted
 * @param nextGroup the next group's number: a lower one that is not in groups has been removed
 */
public record MetadataImage(
    long revision,
    SortedMap<Integer, NodeInfo> nodes,
    SortedMap<String, TopicInfo> topics,
    Map<Integer, TopicInfo> topicsById,
    SortedMap<Long, GroupInfo> groups,
    long nextTopicId,
    long nextGroup) {

  public static final MetadataImage EMPTY =
      new MetadataImage(
          0,
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          Map.of(),
          Collections.emptySortedMap(),
          1,
          MetadataLimits.FIRST_GROUP);

  public @Nullable NodeInfo node(int nodeId) {
    return nodes.get(nodeId);
  }

  public @Nullable TopicInfo topic(String name) {
    return topics.get(name);
  }

  public @Nullable TopicInfo topic(int topicId) {
    return topicsById.get(topicId);
  }

  public @Nullable GroupInfo group(long group) {
    return groups.get(group);
  }

  /**
   * The group that carries a partition of a topic, or null when the topic has no such partition.
   */
  public @Nullable GroupInfo group(TopicInfo topic, int partition) {
    return partition < 0 || partition >= topic.partitionCount()
        ? null
        : groups.get(topic.groups().get(partition));
  }
}
