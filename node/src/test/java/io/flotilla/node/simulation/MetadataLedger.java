package io.flotilla.node.simulation;

import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.CreateTopic;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.state.v1.PreferLeader;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the metadata must be, by what was committed. Confined to one thread. */
final class MetadataLedger {

  private record Topic(long id, String requestId, int partitions, TopicSettings settings) {}

  /** Replicas of a partition in the simulation: nodes 1 to 3, the first of them preferred. */
  private static final int REPLICAS = 3;

  private final Map<String, Topic> topics = new TreeMap<>();
  private final Map<PartitionId, Integer> preferred = new HashMap<>();
  private final Map<String, Long> producers = new HashMap<>();
  private final Map<String, Integer> epochs = new HashMap<>();
  private final Tally tally;
  private long lastTopic;
  private long lastProducer;
  private long revision;

  MetadataLedger(Tally tally) {
    this.tally = tally;
  }

  void committed(MetadataCommand command, MetadataOutcome outcome) {
    Invariant.M4.holds(
        outcome.getRevision() >= revision, "revision %d after %d", outcome.getRevision(), revision);
    revision = outcome.getRevision();
    ErrorReason error = outcome.getError();
    switch (command.getCommandCase()) {
      case CREATE_TOPIC -> create(command.getCreateTopic(), outcome);
      case DELETE_TOPIC -> {
        Topic gone = topics.remove(command.getDeleteTopic().getName());
        if (gone != null) {
          tally.count(Tally.Event.TOPIC_DELETED);
        }
        agree(error, gone == null ? ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND : null);
        Invariant.M2.holds(
            gone == null || gone.id == outcome.getTopicId(), "%s deletes %s", outcome, gone);
      }
      case ALTER_TOPIC -> {
        String name = command.getAlterTopic().getName();
        Topic topic = topics.get(name);
        agree(error, topic == null ? ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND : null);
        if (topic != null) {
          TopicSettings settings =
              topic.settings.toBuilder().mergeFrom(command.getAlterTopic().getSet()).build();
          topics.put(name, new Topic(topic.id, topic.requestId, topic.partitions, settings));
        }
      }
      case PREFER_LEADER -> prefer(command.getPreferLeader(), error);
      case ALLOCATE_PRODUCER_IDS ->
          take(outcome.getProducerId(), command.getAllocateProducerIds().getCount());
      case OPEN_NAMED_PRODUCER -> open(command.getOpenNamedProducer().getName(), outcome);
      case REGISTER_NODE, REPORT_LEADERS, CREATE_COORDINATORS -> agree(error, null);
      case COMMAND_NOT_SET -> throw new IllegalStateException("no command");
    }
  }

  private void prefer(PreferLeader command, ErrorReason error) {
    Topic topic = topics.get(command.getTopic());
    if (topic == null) {
      agree(error, ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND);
    } else if (command.getPartition() >= topic.partitions) {
      agree(error, ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND);
    } else if (command.getNodeId() > REPLICAS) {
      agree(error, ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    } else {
      agree(error, null);
      preferred.put(new PartitionId((int) topic.id, command.getPartition()), command.getNodeId());
    }
  }

  private static void agree(ErrorReason said, @Nullable ErrorReason meant) {
    ErrorReason expected = meant == null ? ErrorReason.ERROR_REASON_UNSPECIFIED : meant;
    Invariant.M1.holds(said == expected, "the metadata answer %s, not %s", said, expected);
  }

  private void create(CreateTopic command, MetadataOutcome outcome) {
    Topic there = topics.get(command.getName());
    if (there == null) {
      agree(outcome.getError(), null);
      Invariant.M2.holds(
          outcome.getTopicId() == ++lastTopic,
          "topic %s gets id %d, not %d",
          command.getName(),
          outcome.getTopicId(),
          lastTopic);
      tally.count(Tally.Event.TOPIC_CREATED);
      topics.put(
          command.getName(),
          new Topic(
              lastTopic, command.getRequestId(), command.getPartitions(), command.getSettings()));
    } else if (there.requestId.equals(command.getRequestId())) {
      agree(outcome.getError(), null);
      Invariant.M1.holds(outcome.getTopicId() == there.id, "a repeat gets %s", outcome);
    } else {
      agree(outcome.getError(), ErrorReason.ERROR_REASON_TOPIC_EXISTS);
    }
  }

  private void take(long first, int count) {
    Invariant.M4.holds(
        first == lastProducer + 1, "producer id %d comes after %d", first, lastProducer);
    lastProducer += count;
  }

  private void open(String name, MetadataOutcome outcome) {
    Long known = producers.get(name);
    if (known == null) {
      take(outcome.getProducerId(), 1);
      producers.put(name, outcome.getProducerId());
    } else {
      Invariant.P3.holds(
          outcome.getProducerId() == known
              && outcome.getProducerEpoch() == epochs.getOrDefault(name, 0) + 1,
          "%s is opened with %s",
          name,
          outcome);
    }
    epochs.put(name, outcome.getProducerEpoch());
  }

  private void checkPreferred(MetadataImage image, TopicInfo topic) {
    for (int partition = 0; partition < topic.partitionCount(); partition++) {
      PartitionId id = new PartitionId(topic.topicId(), partition);
      GroupInfo group = image.groups().get(topic.groups().get(partition));
      int meant = preferred.getOrDefault(id, 1);
      Invariant.M1.holds(
          group != null && group.nodeIds().get(0) == meant, "%s, not led by %s", group, meant);
    }
  }

  /** What a node that has all of it must know. */
  void check(MetadataImage image) {
    Invariant.M1.holds(
        image.topics().keySet().equals(topics.keySet()),
        "there are topics %s, not %s",
        image.topics().keySet(),
        topics.keySet());
    for (TopicInfo topic : image.topics().values()) {
      Topic meant = topics.get(topic.name());
      if (meant != null) {
        Invariant.M2.holds(topic.topicId() == meant.id, "%s, not %s", topic, meant);
        Invariant.M3.holds(topic.partitionCount() == meant.partitions, "%s, not %s", topic, meant);
        Invariant.M1.holds(topic.settings().equals(meant.settings), "%s, not %s", topic, meant);
        checkPreferred(image, topic);
      }
    }
  }
}
