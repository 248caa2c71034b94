package io.flotilla.node.coordinator;

import io.flotilla.node.core.group.GroupImage;
import io.flotilla.node.core.group.TopicPattern;
import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.NodeInfo;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.proto.state.v1.GroupTopic;
import io.flotilla.proto.state.v1.JoinMember;
import io.flotilla.proto.state.v1.MemberState;
import io.flotilla.proto.state.v1.PartitionRacks;
import io.flotilla.proto.state.v1.UpdateTopics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What members want to read, and what the metadata says of the topics. Stateless. */
final class Subscriptions {

  private Subscriptions() {}

  /** A member that is known wants what it wants now. */
  static boolean same(MemberState known, JoinMember wanted) {
    return known.getTopicsList().equals(wanted.getTopicsList())
        && known.getRack().equals(wanted.getRack())
        && known.getSessionTimeoutMs() == wanted.getSessionTimeoutMs()
        && known.getAssignor() == wanted.getAssignor()
        && known.getInstanceId().equals(wanted.getInstanceId());
  }

  /** The topics of names and patterns. */
  static List<GroupTopic> topics(MetadataImage image, Collection<String> namesAndPatterns) {
    List<TopicPattern> patterns = namesAndPatterns.stream().map(TopicPattern::of).toList();
    return image.topics().values().stream()
        .filter(topic -> patterns.stream().anyMatch(pattern -> pattern.matches(topic.name())))
        .map(topic -> topic(image, topic))
        .toList();
  }

  private static GroupTopic topic(MetadataImage image, TopicInfo topic) {
    GroupTopic.Builder known =
        GroupTopic.newBuilder()
            .setTopicId(topic.topicId())
            .setName(topic.name())
            .setPartitions(topic.partitionCount());
    List<PartitionRacks> racks = new ArrayList<>();
    boolean any = false;
    for (long number : topic.groups()) {
      TreeSet<String> ofPartition = new TreeSet<>();
      GroupInfo group = image.groups().get(number);
      for (int nodeId : group == null ? List.<Integer>of() : group.nodeIds()) {
        NodeInfo node = image.node(nodeId);
        if (node != null && !node.rack().isEmpty()) {
          ofPartition.add(node.rack());
        }
      }
      any |= !ofPartition.isEmpty();
      racks.add(PartitionRacks.newBuilder().addAllRacks(ofPartition).build());
    }
    return any ? known.addAllRacks(racks).build() : known.build();
  }

  /** What a group does not know yet, or no longer should; empty when it knows everything. */
  static UpdateTopics news(MetadataImage image, GroupImage group) {
    TreeSet<String> wanted = new TreeSet<>();
    group.members().values().forEach(member -> wanted.addAll(member.getTopicsList()));
    Map<Integer, GroupTopic> known = new HashMap<>();
    group.state().getTopicsList().forEach(topic -> known.put(topic.getTopicId(), topic));
    UpdateTopics.Builder news = UpdateTopics.newBuilder();
    for (GroupTopic topic : topics(image, wanted)) {
      GroupTopic before = known.get(topic.getTopicId());
      if (before == null || !sameFacts(before, topic)) {
        news.addTopics(topic);
      }
    }
    for (int topicId : known.keySet().stream().sorted().toList()) {
      boolean given = topicId < image.nextTopicId();
      if (given && !image.topicsById().containsKey(topicId)) {
        news.addGone(topicId);
      }
    }
    return news.build();
  }

  private static boolean sameFacts(GroupTopic known, GroupTopic now) {
    return known.getPartitions() >= now.getPartitions()
        && known.getRacksList().equals(now.getRacksList());
  }
}
