package io.flotilla.node.core.metadata;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.model.TopicName;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.AlterTopic;
import io.flotilla.proto.state.v1.CreateTopic;
import io.flotilla.proto.state.v1.DeleteTopic;
import io.flotilla.proto.state.v1.GroupState;
import io.flotilla.proto.state.v1.MetadataCounters;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.state.v1.PartitionPlacement;
import io.flotilla.proto.state.v1.PreferLeader;
import io.flotilla.proto.state.v1.ReplicaSet;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.state.v1.TopicState;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Topics come, change and go. Confined to the thread that applies. */
record TopicCommands(MetadataState state) {

  void create(CreateTopic command, long timeMs, WriteBatch batch, MetadataOutcome.Builder outcome) {
    TopicName.check(command.getName());
    TopicInfo existing = state.topics().get(command.getName());
    if (existing != null) {
      requireSameRequest(existing, command, batch);
      outcome.setTopicId(existing.topicId());
      return;
    }
    checkPartitions(command);
    SettingRules.check(command.getSettings());
    outcome.setTopicId(write(command, timeMs, batch));
    state.raiseRevision(batch);
  }

  /** A creation that is retried, because its answer was lost, is answered as the first time. */
  private static void requireSameRequest(
      TopicInfo existing, CreateTopic command, WriteBatch batch) {
    String requestId = row(existing, batch).getRequestId();
    if (requestId.isEmpty() || !requestId.equals(command.getRequestId())) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_TOPIC_EXISTS,
          "topic \"" + command.getName() + "\" exists, with id " + existing.topicId());
    }
  }

  private static TopicState row(TopicInfo topic, WriteBatch batch) {
    byte[] row = batch.get(Table.METADATA, MetadataKeys.topic(topic.topicId()));
    if (row == null) {
      throw new IllegalStateException("topic " + topic.topicId() + " has no row");
    }
    return MetadataReader.parse(TopicState.parser(), row);
  }

  private static void checkPartitions(CreateTopic command) {
    int partitions = partitions(command);
    if (partitions < 1 || partitions > MetadataLimits.PARTITIONS_PER_TOPIC_MAX) {
      throw FlotillaException.invalid(
          partitions
              + " partitions are not between 1 and "
              + MetadataLimits.PARTITIONS_PER_TOPIC_MAX);
    }
    int groups = command.getGroupsCount();
    if (groups < 1 || groups > partitions) {
      throw FlotillaException.invalid(
          groups + " groups cannot carry " + partitions + " partitions");
    }
    for (int i = 0; i < groups; i++) {
      ReplicaSet replicas = command.getGroups(i);
      if (replicas.getPeersCount() == 0) {
        throw FlotillaException.invalid("group " + i + " of the topic has no replicas");
      }
      if (new TreeSet<>(nodeIds(replicas)).size() != replicas.getPeersCount()) {
        throw FlotillaException.invalid(
            "group "
                + i
                + " of the topic has two replicas on one node: "
                + replicas.getPeersList());
      }
    }
  }

  static List<Integer> nodeIds(ReplicaSet replicas) {
    try {
      return replicas.getPeersList().stream().map(GroupInfo::nodeId).toList();
    } catch (IllegalArgumentException e) {
      throw FlotillaException.invalid(
          "replicas " + replicas.getPeersList() + ": " + e.getMessage());
    }
  }

  private static int partitions(CreateTopic command) {
    return command.getPartitions() == 0 ? command.getGroupsCount() : command.getPartitions();
  }

  private int write(CreateTopic command, long timeMs, WriteBatch batch) {
    MetadataCounters counters = state.counters();
    int topicId = Math.toIntExact(counters.getNextTopicId());
    long first = counters.getNextGroup();
    int groups = command.getGroupsCount();
    TopicState.Builder topic =
        TopicState.newBuilder()
            .setTopicId(topicId)
            .setName(command.getName())
            .setReplicationFactor(command.getReplicationFactor())
            .setCreatedUnixMs(timeMs)
            .setRequestId(command.getRequestId())
            .setSettings(command.getSettings());
    List<List<PartitionId>> carried = new ArrayList<>();
    for (int i = 0; i < partitions(command); i++) {
      if (i < groups) {
        carried.add(new ArrayList<>());
      }
      carried.get(i % groups).add(new PartitionId(topicId, i));
      topic.addPartitions(
          PartitionPlacement.newBuilder().setPartition(i).setGroup(first + i % groups));
    }
    for (int i = 0; i < groups; i++) {
      GroupState row =
          GroupState.newBuilder()
              .setGroup(first + i)
              .addAllPeers(command.getGroups(i).getPeersList())
              .build();
      state.putGroup(row, carried.get(i), batch);
    }
    state.putTopic(topic.build(), batch);
    state.setCounters(
        counters.toBuilder().setNextTopicId(topicId + 1L).setNextGroup(first + groups).build(),
        batch);
    return topicId;
  }

  /** Changes what a topic sets; a change that changes nothing is answered like any other. */
  void alter(AlterTopic command, WriteBatch batch, MetadataOutcome.Builder outcome) {
    TopicInfo topic = existing(command.getName(), command.getTopicId());
    TopicSettings after = SettingRules.altered(topic.settings(), command);
    if (!after.equals(topic.settings())) {
      state.putTopic(row(topic, batch).toBuilder().setSettings(after).build(), batch);
      state.raiseRevision(batch);
    }
    outcome.setTopicId(topic.topicId());
  }

  /** Preferring who is preferred already changes nothing, and is answered like any other. */
  void prefer(PreferLeader command, WriteBatch batch, MetadataOutcome.Builder outcome) {
    TopicInfo topic = existing(command.getTopic(), command.getTopicId());
    GroupInfo group = group(topic, command.getPartition());
    String preferred = group.peerOn(command.getNodeId());
    boolean asked = group.leaderNode() == command.getNodeId() || group.leaderWanted();
    if (!preferred.equals(group.peers().get(0)) || !asked) {
      List<String> peers = new ArrayList<>(group.peers());
      peers.remove(preferred);
      peers.add(0, preferred);
      state.putWanted(group, peers, batch);
      state.raiseRevision(batch);
    }
    outcome.setTopicId(topic.topicId());
  }

  private GroupInfo group(TopicInfo topic, int partition) {
    if (partition < 0 || partition >= topic.partitionCount()) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND,
          "topic \""
              + topic.name()
              + "\" has partitions 0 to "
              + (topic.partitionCount() - 1)
              + ", not "
              + partition);
    }
    long number = topic.groups().get(partition);
    GroupInfo group = state.groups().get(number);
    if (group == null) {
      throw new IllegalStateException("topic " + topic.name() + " names no group " + number);
    }
    return group;
  }

  /**
   * @param topicId 0 = whichever has the name
   */
  private TopicInfo existing(String name, long topicId) {
    TopicInfo topic = state.topics().get(name);
    if (topic == null) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND, "there is no topic \"" + name + "\"");
    }
    if (topicId != 0 && topicId != topic.topicId()) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION,
          "topic \"" + name + "\" has id " + topic.topicId() + ", not " + topicId);
    }
    return topic;
  }

  void delete(DeleteTopic command, WriteBatch batch, MetadataOutcome.Builder outcome) {
    TopicInfo topic = existing(command.getName(), command.getTopicId());
    state.removeTopic(topic, batch);
    topic.groups().stream().distinct().forEach(group -> state.removeFromGroup(group, topic, batch));
    state.raiseRevision(batch);
    outcome.setTopicId(topic.topicId());
  }
}
