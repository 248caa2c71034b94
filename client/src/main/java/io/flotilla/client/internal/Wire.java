package io.flotilla.client.internal;

import io.flotilla.client.ClusterDescription;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.PartitionDescription;
import io.flotilla.client.PartitionOffsetInfo;
import io.flotilla.client.PartitionVerification;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaVerification;
import io.flotilla.client.ReplicaVerification.Verdict;
import io.flotilla.client.StartPosition;
import io.flotilla.client.TopicDescription;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.DescribeClusterResponse;
import io.flotilla.proto.v1.ListedOffset;
import io.flotilla.proto.v1.Node;
import io.flotilla.proto.v1.Replica;
import io.flotilla.proto.v1.Topic;
import io.flotilla.proto.v1.VerifyPartitionResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Between the protocol's messages and the records that callers see. Pure. */
final class Wire {

  private Wire() {}

  static Position position(StartPosition start) {
    Position.Builder position = Position.newBuilder();
    if (start instanceof StartPosition.AtOffset at) {
      return position.setFrom(StartFrom.START_FROM_OFFSET).setOffset(at.offset()).build();
    }
    if (start instanceof StartPosition.AtTime at) {
      return position
          .setFrom(StartFrom.START_FROM_TIME)
          .setTimeUnixMs(at.time().toEpochMilli())
          .build();
    }
    return position
        .setFrom(
            start instanceof StartPosition.Earliest
                ? StartFrom.START_FROM_EARLIEST
                : StartFrom.START_FROM_LATEST)
        .build();
  }

  static TopicDescription topic(Topic topic) {
    return new TopicDescription(
        topic.getName(),
        topic.getTopicId(),
        topic.getPartitionCount(),
        topic.getReplicationFactor(),
        Instant.ofEpochMilli(topic.getCreatedUnixMs()),
        topic.getPartitionsList().stream()
            .map(
                p ->
                    new PartitionDescription(
                        p.getPartition(),
                        p.getGroup(),
                        p.getReplicasList(),
                        RefusalReader.leader(p.getLeader())))
            .toList(),
        SettingsWire.read(topic.getSettings()),
        SettingsWire.read(topic.getOwnSettings()));
  }

  static PartitionOffsetInfo offset(ListedOffset listed) {
    return new PartitionOffsetInfo(
        listed.getPartition(),
        listed.hasOffset() ? listed.getOffset() : null,
        listed.hasTimestampUnixMs() ? Instant.ofEpochMilli(listed.getTimestampUnixMs()) : null);
  }

  static PartitionVerification verification(
      String topic, int partition, VerifyPartitionResponse result) {
    return new PartitionVerification(
        topic,
        partition,
        result.getFromOffset(),
        result.getEndOffset(),
        result.getReplicasList().stream().map(Wire::verification).toList());
  }

  private static ReplicaVerification verification(
      io.flotilla.proto.v1.ReplicaVerification replica) {
    Verdict verdict =
        switch (replica.getVerdict()) {
          case REPLICA_VERDICT_EQUAL -> Verdict.EQUAL;
          case REPLICA_VERDICT_DIFFERENT -> Verdict.DIFFERENT;
          case REPLICA_VERDICT_CORRUPT -> Verdict.CORRUPT;
          case REPLICA_VERDICT_BEHIND -> Verdict.BEHIND;
          case REPLICA_VERDICT_UNREACHABLE, REPLICA_VERDICT_UNSPECIFIED, UNRECOGNIZED ->
              Verdict.UNREACHABLE;
        };
    boolean bad = verdict == Verdict.DIFFERENT || verdict == Verdict.CORRUPT;
    return new ReplicaVerification(
        replica.getNodeId(),
        verdict,
        replica.getLogStartOffset(),
        replica.getHighWatermark(),
        replica.getBatches(),
        replica.getEvents(),
        replica.getBytes(),
        HexFormat.of().formatHex(replica.getChain().toByteArray()),
        bad ? (Long) replica.getBadOffset() : null,
        replica.getDetail());
  }

  static ClusterDescription cluster(DescribeClusterResponse answer) {
    return new ClusterDescription(
        answer.getClusterId(),
        answer.getRevision(),
        answer.getNodesList().stream().map(Wire::node).toList(),
        answer.getMetadataLeader(),
        answer.getMetadataTerm(),
        answer.getTopicCount(),
        answer.getPartitionCount(),
        answer.getReplicasList().stream().map(Wire::replica).toList(),
        answer.getAnsweredBy(),
        answer.getTopicAutoCreate(),
        answer.getMetadataVotersList(),
        answer.getClockUnixMs() == 0 ? null : Instant.ofEpochMilli(answer.getClockUnixMs()));
  }

  private static NodeDescription.DiskState diskState(Node node) {
    return switch (node.getDiskState()) {
      case DISK_STATE_NORMAL -> NodeDescription.DiskState.NORMAL;
      case DISK_STATE_WARN -> NodeDescription.DiskState.WARN;
      case DISK_STATE_FULL -> NodeDescription.DiskState.FULL;
      case DISK_STATE_UNSPECIFIED, UNRECOGNIZED -> NodeDescription.DiskState.UNKNOWN;
    };
  }

  private static NodeDescription node(Node node) {
    NodeDescription.State state =
        switch (node.getState()) {
          case NODE_STATE_UP -> NodeDescription.State.UP;
          case NODE_STATE_UNREACHABLE -> NodeDescription.State.UNREACHABLE;
          case NODE_STATE_UNSPECIFIED, UNRECOGNIZED -> NodeDescription.State.UNKNOWN;
        };
    return new NodeDescription(
        node.getNodeId(),
        node.getHost(),
        node.getPort(),
        state,
        node.getIncarnation(),
        node.getVersion(),
        node.getRack(),
        node.getLeaderCount(),
        node.getReplicaCount(),
        diskState(node),
        node.getDiskFreeBytes(),
        node.getDiskTotalBytes(),
        load(node),
        node.getSilentMs() == 0 ? null : Duration.ofMillis(node.getSilentMs()));
  }

  private static NodeDescription.@Nullable Load load(Node node) {
    return !node.hasClockAheadMs()
        ? null
        : new NodeDescription.Load(
            Duration.ofMillis(node.getClockAheadMs()),
            node.getGroupCount(),
            node.getGroupMax(),
            node.getReplicaMax(),
            node.getOpenFiles(),
            node.getOpenFilesMax(),
            !node.hasElections()
                ? null
                : new NodeDescription.Doings(
                    node.getElections(), node.getLeaderships(), node.getConsoleAddress()));
  }

  private static ReplicaDescription replica(Replica replica) {
    ReplicaDescription.Role role =
        switch (replica.getRole()) {
          case REPLICA_ROLE_LEADER -> ReplicaDescription.Role.LEADER;
          case REPLICA_ROLE_FOLLOWER -> ReplicaDescription.Role.FOLLOWER;
          case REPLICA_ROLE_CANDIDATE -> ReplicaDescription.Role.CANDIDATE;
          case REPLICA_ROLE_JOINING -> ReplicaDescription.Role.JOINING;
          case REPLICA_ROLE_DAMAGED -> ReplicaDescription.Role.DAMAGED;
          case REPLICA_ROLE_UNSPECIFIED, UNRECOGNIZED -> ReplicaDescription.Role.UNKNOWN;
        };
    return new ReplicaDescription(
        replica.getTopic(),
        replica.getPartition(),
        replica.getNodeId(),
        role,
        replica.getTerm(),
        replica.getLogStartOffset(),
        replica.getHighWatermark(),
        replica.getLagEvents(),
        replica.getAppliedIndex());
  }
}
