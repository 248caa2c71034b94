package io.flotilla.node.grpc.admin;

import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.NodeInfo;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.disk.DiskState;
import io.flotilla.node.disk.DiskStatus;
import io.flotilla.proto.internal.v1.DescribeReplicasResponse;
import io.flotilla.proto.internal.v1.NodeDisk;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.types.v1.LeaderHint;
import io.flotilla.proto.v1.Node;
import io.flotilla.proto.v1.NodeState;
import io.flotilla.proto.v1.Partition;
import io.flotilla.proto.v1.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The metadata as clients see it; with the defaults for what topics do not set. Pure. */
final class Pictures {

  private Pictures() {}

  /** A topic without its partitions. */
  static Topic brief(TopicInfo topic, TopicSettings defaults) {
    return Topic.newBuilder()
        .setName(topic.name())
        .setTopicId(topic.topicId())
        .setPartitionCount(topic.partitionCount())
        .setReplicationFactor(topic.replicationFactor())
        .setCreatedUnixMs(topic.createdUnixMs())
        .setSettings(SettingPictures.of(topic.settingsOver(defaults)))
        .setOwnSettings(SettingPictures.of(topic.settings()))
        .build();
  }

  /** A topic with its partitions and their leaders. */
  static Topic full(MetadataImage image, TopicInfo topic, TopicSettings defaults) {
    Topic.Builder picture = brief(topic, defaults).toBuilder();
    for (int i = 0; i < topic.partitionCount(); i++) {
      Partition.Builder partition =
          Partition.newBuilder().setPartition(i).setGroup(topic.groups().get(i));
      GroupInfo group = image.group(topic, i);
      if (group != null) {
        partition.addAllReplicas(group.nodeIds()).setLeader(leader(image, group));
      }
      picture.addPartitions(partition);
    }
    return picture.build();
  }

  /** Every partition has a leader, as far as the image knows. */
  static boolean led(MetadataImage image, TopicInfo topic) {
    for (int i = 0; i < topic.partitionCount(); i++) {
      GroupInfo group = image.group(topic, i);
      if (group == null || group.leaderNode() == 0) {
        return false;
      }
    }
    return true;
  }

  /** All nodes, with how much each leads and holds. */
  static List<Node> nodes(MetadataImage image) {
    Map<Integer, Integer> leads = new HashMap<>();
    Map<Integer, Integer> holds = new HashMap<>();
    Map<Integer, Integer> groups = new HashMap<>();
    for (GroupInfo group : image.groups().values()) {
      int partitions = group.partitions().size();
      leads.merge(group.leaderNode(), partitions, Integer::sum);
      for (int node : group.nodeIds()) {
        holds.merge(node, partitions, Integer::sum);
        groups.merge(node, 1, Integer::sum);
      }
    }
    return image.nodes().values().stream()
        .map(
            node ->
                node(node, leads, holds)
                    .setGroupCount(groups.getOrDefault(node.nodeId(), 0))
                    .build())
        .toList();
  }

  private static Node.Builder node(
      NodeInfo node, Map<Integer, Integer> leads, Map<Integer, Integer> holds) {
    return Node.newBuilder()
        .setNodeId(node.nodeId())
        .setHost(node.host())
        .setPort(node.grpcPort())
        .setIncarnation(node.incarnation())
        .setVersion(node.version())
        .setRack(node.rack())
        .setLeaderCount(leads.getOrDefault(node.nodeId(), 0))
        .setReplicaCount(holds.getOrDefault(node.nodeId(), 0));
  }

  /** A node's disk as other nodes are told. */
  static NodeDisk disk(DiskStatus disk) {
    return NodeDisk.newBuilder()
        .setFull(disk.state() == DiskState.FULL)
        .setWarn(disk.state() != DiskState.NORMAL)
        .setFreeBytes(disk.freeBytes())
        .setTotalBytes(disk.totalBytes())
        .setRefuseBelowBytes(disk.refuseBelow())
        .build();
  }

  /** A node that answered, with what it told. */
  static Node answered(Node node, ReplicaCollector.Told told) {
    DescribeReplicasResponse answer = told.answer();
    NodeDisk disk = answer.getDisk();
    Node.Builder picture =
        node.toBuilder()
            .setGroupMax(answer.getGroupMax())
            .setReplicaMax(answer.getReplicaMax())
            .setOpenFiles(answer.getOpenFiles())
            .setOpenFilesMax(answer.getOpenFilesMax());
    if (answer.hasElections()) {
      picture
          .setElections(answer.getElections())
          .setLeaderships(answer.getLeaderships())
          .setConsoleAddress(answer.getConsoleAddress());
    }
    Long ahead = told.clockAheadMs();
    if (ahead != null) {
      picture.setClockAheadMs(ahead);
    }
    return picture
        .setState(NodeState.NODE_STATE_UP)
        .setDiskState(
            disk.getFull()
                ? io.flotilla.proto.v1.DiskState.DISK_STATE_FULL
                : disk.getWarn()
                    ? io.flotilla.proto.v1.DiskState.DISK_STATE_WARN
                    : io.flotilla.proto.v1.DiskState.DISK_STATE_NORMAL)
        .setDiskFreeBytes(disk.getFreeBytes())
        .setDiskTotalBytes(disk.getTotalBytes())
        .build();
  }

  /** A node that did not answer, and how long ago it did; null: it has not since the start. */
  static Node silent(Node node, @Nullable Duration silence) {
    Node.Builder picture = node.toBuilder().setState(NodeState.NODE_STATE_UNREACHABLE);
    return silence == null ? picture.build() : picture.setSilentMs(silence.toMillis()).build();
  }

  private static LeaderHint leader(MetadataImage image, GroupInfo group) {
    LeaderHint.Builder hint = LeaderHint.newBuilder().setTerm(group.leaderTerm());
    NodeInfo node = image.node(group.leaderNode());
    if (node != null) {
      hint.setNodeId(node.nodeId()).setHost(node.host()).setPort(node.grpcPort());
    }
    return hint.build();
  }
}
