package io.flotilla.node.core.metadata;

import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.GroupLeader;
import io.flotilla.proto.state.v1.GroupState;
import io.flotilla.proto.state.v1.MetadataCounters;
import io.flotilla.proto.state.v1.RegisterNode;
import io.flotilla.proto.state.v1.TopicState;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The metadata while it is being written: the maps of the next image and the rows behind them,
 * changed together. Confined to the thread that applies. A map is copied at its first change after
 * an image was taken, so images never change and share what did not.
 */
final class MetadataState {

  private MetadataImage image;
  private MetadataCounters counters;
  private int producerNames;
  private boolean nodesOwned;
  private boolean topicsOwned;
  private boolean groupsOwned;
  private SortedMap<Integer, NodeInfo> nodes;
  private SortedMap<String, TopicInfo> topics;
  private Map<Integer, TopicInfo> topicsById;
  private SortedMap<Long, GroupInfo> groups;

  MetadataState(View view) {
    image = MetadataReader.open(view);
    counters = MetadataReader.counters(view);
    producerNames = MetadataReader.producerNames(view);
    nodes = image.nodes();
    topics = image.topics();
    topicsById = image.topicsById();
    groups = image.groups();
  }

  /** The state as an image; the same one as before when nothing changed. */
  MetadataImage image() {
    if (image.revision() != counters.getRevision()) {
      image =
          new MetadataImage(
              counters.getRevision(),
              Collections.unmodifiableSortedMap(nodes),
              Collections.unmodifiableSortedMap(topics),
              Collections.unmodifiableMap(topicsById),
              Collections.unmodifiableSortedMap(groups),
              counters.getNextTopicId(),
              counters.getNextGroup());
      nodesOwned = false;
      topicsOwned = false;
      groupsOwned = false;
    }
    return image;
  }

  MetadataCounters counters() {
    return counters;
  }

  void setCounters(MetadataCounters next, WriteBatch batch) {
    counters = next;
    batch.put(Table.METADATA, MetadataKeys.counters(), next.toByteArray());
  }

  void raiseRevision(WriteBatch batch) {
    setCounters(counters.toBuilder().setRevision(counters.getRevision() + 1).build(), batch);
  }

  int producerNames() {
    return producerNames;
  }

  void addProducerName() {
    producerNames++;
  }

  SortedMap<Integer, NodeInfo> nodes() {
    return nodes;
  }

  SortedMap<String, TopicInfo> topics() {
    return topics;
  }

  SortedMap<Long, GroupInfo> groups() {
    return groups;
  }

  void putNode(RegisterNode row, WriteBatch batch) {
    if (!nodesOwned) {
      nodes = new TreeMap<>(nodes);
      nodesOwned = true;
    }
    nodes.put(row.getNodeId(), MetadataReader.node(row));
    batch.put(Table.METADATA, MetadataKeys.node(row.getNodeId()), row.toByteArray());
  }

  void putTopic(TopicState row, WriteBatch batch) {
    ownTopics();
    TopicInfo topic = MetadataReader.topic(row);
    topics.put(topic.name(), topic);
    topicsById.put(topic.topicId(), topic);
    batch.put(Table.METADATA, MetadataKeys.topic(topic.topicId()), row.toByteArray());
  }

  void removeTopic(TopicInfo topic, WriteBatch batch) {
    ownTopics();
    topics.remove(topic.name());
    topicsById.remove(topic.topicId());
    batch.delete(Table.METADATA, MetadataKeys.topic(topic.topicId()));
  }

  void putGroup(GroupState row, List<PartitionId> partitions, WriteBatch batch) {
    ownGroups();
    groups.put(row.getGroup(), MetadataReader.group(row, partitions));
    batch.put(Table.METADATA, MetadataKeys.group(row.getGroup()), row.toByteArray());
  }

  void putLeader(GroupInfo group, GroupLeader leader, WriteBatch batch) {
    boolean wanted = group.leaderWanted() && leader.getNodeId() != group.preferredNode();
    GroupState row = row(group).setLeader(leader).setLeaderWanted(wanted).build();
    putGroup(row, group.partitions(), batch);
  }

  /** Other members in the place of the group's. */
  void putPeers(GroupInfo group, List<String> peers, WriteBatch batch) {
    putGroup(row(group, peers).build(), group.partitions(), batch);
  }

  /** Its members in another order; the first is to lead, as soon as it can. */
  void putWanted(GroupInfo group, List<String> peers, WriteBatch batch) {
    boolean wanted = group.leaderNode() != GroupInfo.nodeId(peers.get(0));
    putGroup(row(group, peers).setLeaderWanted(wanted).build(), group.partitions(), batch);
  }

  private static GroupState.Builder row(GroupInfo group, List<String> peers) {
    return row(group)
        .clearPeers()
        .addAllPeers(peers)
        .clearFounders()
        .addAllFounders(group.founders());
  }

  private static GroupState.Builder row(GroupInfo group) {
    GroupState.Builder row =
        GroupState.newBuilder()
            .setGroup(group.group())
            .addAllPeers(group.peers())
            .setLeaderWanted(group.leaderWanted());
    if (!group.founders().equals(group.peers())) {
      row.addAllFounders(group.founders());
    }
    if (group.leaderNode() != 0) {
      row.setLeader(
          GroupLeader.newBuilder()
              .setGroup(group.group())
              .setNodeId(group.leaderNode())
              .setTerm(group.leaderTerm()));
    }
    return row;
  }

  /** A group goes with the last partition that it carries. */
  void removeFromGroup(long number, TopicInfo topic, WriteBatch batch) {
    GroupInfo group = groups.get(number);
    if (group == null) {
      throw new IllegalStateException("topic " + topic.name() + " names no group " + number);
    }
    ownGroups();
    List<PartitionId> left =
        group.partitions().stream().filter(id -> id.topicId() != topic.topicId()).toList();
    if (left.isEmpty()) {
      groups.remove(number);
      batch.delete(Table.METADATA, MetadataKeys.group(number));
    } else {
      groups.put(
          number,
          new GroupInfo(
              number,
              group.peers(),
              group.founders(),
              left,
              group.leaderNode(),
              group.leaderTerm(),
              group.leaderWanted()));
    }
  }

  private void ownTopics() {
    if (!topicsOwned) {
      topics = new TreeMap<>(topics);
      topicsById = new HashMap<>(topicsById);
      topicsOwned = true;
    }
  }

  private void ownGroups() {
    if (!groupsOwned) {
      groups = new TreeMap<>(groups);
      groupsOwned = true;
    }
  }
}
