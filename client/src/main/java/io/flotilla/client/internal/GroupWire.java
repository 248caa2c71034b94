package io.flotilla.client.internal;

import io.flotilla.client.Assignor;
import io.flotilla.client.CommittedOffset;
import io.flotilla.client.GroupChange;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupDescription.State;
import io.flotilla.client.GroupMemberDescription;
import io.flotilla.client.GroupOptions;
import io.flotilla.client.GroupPartitionDescription;
import io.flotilla.client.GroupPartitionDescription.Progress;
import io.flotilla.client.GroupReset;
import io.flotilla.client.TopicPartition;
import io.flotilla.proto.v1.ConsumerGroup;
import io.flotilla.proto.v1.GroupMember;
import io.flotilla.proto.v1.GroupPartition;
import io.flotilla.proto.v1.GroupState;
import io.flotilla.proto.v1.JoinGroup;
import io.flotilla.proto.v1.ResetPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between the protocol's messages about groups and the records that callers see. Pure. */
final class GroupWire {

  private GroupWire() {}

  static JoinGroup join(GroupOptions options, String token) {
    return JoinGroup.newBuilder()
        .setGroup(options.group())
        .addAllTopics(options.topics())
        .setFrom(Wire.position(options.from()))
        .setInstanceId(options.instanceId())
        .setSessionToken(token)
        .setSessionTimeoutMs(Math.toIntExact(options.sessionTimeout().toMillis()))
        .setRevokeTimeoutMs(Math.toIntExact(options.revokeTimeout().toMillis()))
        .setAssignmentsOnly(true)
        .setAssignor(assignor(options.assignor()))
        .setRack(options.rack())
        .setClientId(options.clientId())
        .build();
  }

  private static io.flotilla.proto.v1.Assignor assignor(Assignor assignor) {
    return switch (assignor) {
      case STICKY -> io.flotilla.proto.v1.Assignor.ASSIGNOR_STICKY;
      case RANGE -> io.flotilla.proto.v1.Assignor.ASSIGNOR_RANGE;
      case RACK_AWARE -> io.flotilla.proto.v1.Assignor.ASSIGNOR_RACK_AWARE;
    };
  }

  private static Assignor assignor(io.flotilla.proto.v1.Assignor assignor) {
    return switch (assignor) {
      case ASSIGNOR_RANGE -> Assignor.RANGE;
      case ASSIGNOR_RACK_AWARE -> Assignor.RACK_AWARE;
      case ASSIGNOR_STICKY, ASSIGNOR_UNSPECIFIED, UNRECOGNIZED -> Assignor.STICKY;
    };
  }

  static GroupDescription group(ConsumerGroup group) {
    return new GroupDescription(
        group.getName(),
        state(group.getState()),
        group.getGeneration(),
        assignor(group.getAssignor()),
        group.getMemberCount(),
        Instant.ofEpochMilli(group.getCreatedUnixMs()),
        node(group.getCoordinatorNode()),
        group.getMembersList().stream().map(GroupWire::member).toList(),
        group.getPartitionsList().stream().map(GroupWire::partition).toList(),
        group.getChangesList().stream().map(GroupWire::change).toList());
  }

  private static @Nullable Integer node(int id) {
    return id == 0 ? null : (Integer) id;
  }

  private static State state(GroupState state) {
    return switch (state) {
      case GROUP_STATE_EMPTY -> State.EMPTY;
      case GROUP_STATE_STABLE -> State.STABLE;
      case GROUP_STATE_REBALANCING -> State.REBALANCING;
      case GROUP_STATE_UNSPECIFIED, UNRECOGNIZED -> State.UNKNOWN;
    };
  }

  private static GroupMemberDescription member(GroupMember member) {
    return new GroupMemberDescription(
        member.getMemberId(),
        member.getInstanceId(),
        member.getClientId(),
        member.getHost(),
        member.getRack(),
        node(member.getNode()),
        member.getTopicsList(),
        Instant.ofEpochMilli(member.getJoinedUnixMs()),
        partitions(member.getPartitionsList()),
        partitions(member.getRevokingList()),
        Duration.ofMillis(member.getSessionTimeoutMs()));
  }

  private static List<TopicPartition> partitions(
      List<io.flotilla.proto.v1.TopicPartition> partitions) {
    return partitions.stream()
        .map(each -> new TopicPartition(each.getTopic(), each.getPartition()))
        .toList();
  }

  private static GroupPartitionDescription partition(GroupPartition partition) {
    return new GroupPartitionDescription(
        new TopicPartition(partition.getTopic(), partition.getPartition()),
        partition.getMemberId(),
        partition.hasCommittedOffset() ? (Long) partition.getCommittedOffset() : null,
        partition.hasCommittedOffset() ? time(partition.getCommittedUnixMs()) : null,
        partition.hasFailure() ? null : progress(partition),
        partition.hasFailure() ? partition.getFailure().getMessage() : null);
  }

  private static Progress progress(GroupPartition partition) {
    long catchUp = partition.getCatchUpMs();
    return new Progress(
        partition.getLogStartOffset(),
        partition.getEndOffset(),
        partition.getLagEvents(),
        Duration.ofMillis(partition.getLagMs()),
        time(partition.getOldestUnprocessedUnixMs()),
        partition.getConsumedPerSecond(),
        partition.getPublishedPerSecond(),
        partition.hasCatchUpMs() && catchUp >= 0 ? Duration.ofMillis(catchUp) : null,
        partition.getLagEvents() > 0 && partition.hasCatchUpMs() && catchUp < 0);
  }

  private static @Nullable Instant time(long unixMs) {
    return unixMs == 0 ? null : Instant.ofEpochMilli(unixMs);
  }

  private static GroupChange change(io.flotilla.proto.v1.GroupChange change) {
    return new GroupChange(
        change.getGeneration(), Instant.ofEpochMilli(change.getUnixMs()), change.getWhat());
  }

  static GroupReset reset(ResetPartition moved) {
    return new GroupReset(
        moved.getPartition(),
        moved.hasOldOffset() ? (Long) moved.getOldOffset() : null,
        moved.getNewOffset());
  }

  static CommittedOffset committed(io.flotilla.proto.v1.CommittedOffset offset) {
    return new CommittedOffset(
        offset.getPartition(),
        offset.hasOffset() ? (Long) offset.getOffset() : null,
        offset.hasOffset() ? time(offset.getCommittedUnixMs()) : null);
  }
}
