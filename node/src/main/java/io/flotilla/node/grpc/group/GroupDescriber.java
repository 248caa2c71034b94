package io.flotilla.node.grpc.group;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.CursorPicture;
import io.flotilla.proto.internal.v1.GroupPicture;
import io.flotilla.proto.state.v1.ConsumerGroupState;
import io.flotilla.proto.state.v1.GroupEvent;
import io.flotilla.proto.state.v1.GroupTopic;
import io.flotilla.proto.state.v1.MemberState;
import io.flotilla.proto.state.v1.OwnedPartition;
import io.flotilla.proto.state.v1.PartitionRef;
import io.flotilla.proto.v1.Assignor;
import io.flotilla.proto.v1.ConsumerGroup;
import io.flotilla.proto.v1.GroupChange;
import io.flotilla.proto.v1.GroupMember;
import io.flotilla.proto.v1.GroupPartition;
import io.flotilla.proto.v1.GroupState;
import io.flotilla.proto.v1.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Tells consumer groups: what the coordinator knows and what the partitions know. Safe. */
final class GroupDescriber {

  /** What partitions without a leader hold up a description. */
  private static final Duration GLANCE_MAX = Duration.ofSeconds(3);

  private final Router router;
  private final GroupCalls calls;
  private final GroupCursors cursors;

  GroupDescriber(Router router, GroupCalls calls, GroupCursors cursors) {
    this.router = router;
    this.calls = calls;
    this.cursors = cursors;
  }

  /** Without members and partitions. */
  ConsumerGroup brief(GroupPicture picture) {
    return builder(picture, state(picture)).build();
  }

  private ConsumerGroup.Builder builder(GroupPicture picture, ConsumerGroupState state) {
    GroupState doing =
        picture.getMemberCount() == 0
            ? GroupState.GROUP_STATE_EMPTY
            : picture.getRebalancing()
                ? GroupState.GROUP_STATE_REBALANCING
                : GroupState.GROUP_STATE_STABLE;
    Assignor assignor = Assignor.forNumber(state.getAssignor());
    boolean named = assignor != null && assignor != Assignor.ASSIGNOR_UNSPECIFIED;
    return ConsumerGroup.newBuilder()
        .setName(state.getName())
        .setState(doing)
        .setGeneration(state.getGeneration())
        .setAssignor(named ? assignor : Assignor.ASSIGNOR_STICKY)
        .setMemberCount(picture.getMemberCount())
        .setCreatedUnixMs(state.getCreatedUnixMs())
        .setCoordinatorNode(calls.leaderOf(Coordinators.of(state.getName())));
  }

  /** With members and partitions; GROUP_NOT_FOUND when there is none. */
  CompletableFuture<ConsumerGroup> describe(String group, CallScope scope) {
    return calls
        .read(group, true, scope)
        .thenCompose(
            picture -> {
              ConsumerGroupState state = state(picture);
              List<PartitionId> all = new ArrayList<>();
              for (TopicInfo topic : router.image().topics().values()) {
                for (int i = 0; i < topic.partitionCount(); i++) {
                  all.add(new PartitionId(topic.topicId(), i));
                }
              }
              return cursors
                  .glance(group, state.getBornGeneration(), all, scope.asking(GLANCE_MAX))
                  .thenApply(known -> describe(picture, state, known));
            });
  }

  private ConsumerGroup describe(
      GroupPicture picture, ConsumerGroupState state, Map<PartitionId, CursorPicture> known) {
    Map<Integer, String> names = names(state);
    ConsumerGroup.Builder group = builder(picture, state);
    Map<PartitionId, String> owners = new HashMap<>();
    for (int i = 0; i < picture.getMembersCount(); i++) {
      MemberState member = parse(picture.getMembers(i));
      group.addMembers(member(member, picture.getNodes(i), names));
      for (OwnedPartition owned : member.getOwnedList()) {
        owners.put(new PartitionId(owned.getTopicId(), owned.getPartition()), member.getMemberId());
      }
    }
    Map<PartitionId, GroupPartition> partitions = new TreeMap<>();
    known.forEach(
        (id, cursor) -> {
          String owner = owners.get(id);
          if (owner != null || !cursor.getCursor().isEmpty()) {
            partitions.put(id, GroupLag.partition(name(id, names), owner, cursor));
          }
        });
    group.addAllPartitions(partitions.values());
    for (int i = state.getEventsCount() - 1; i >= 0; i--) {
      GroupEvent event = state.getEvents(i);
      group.addChanges(
          GroupChange.newBuilder()
              .setGeneration(event.getGeneration())
              .setUnixMs(event.getTimeUnixMs())
              .setWhat(event.getWhat()));
    }
    return group.build();
  }

  private Map<Integer, String> names(ConsumerGroupState state) {
    Map<Integer, String> names = new HashMap<>();
    state.getTopicsList().stream().forEach(topic -> put(names, topic));
    router.image().topicsById().forEach((id, topic) -> names.put(id, topic.name()));
    return names;
  }

  private static void put(Map<Integer, String> names, GroupTopic topic) {
    names.put(topic.getTopicId(), topic.getName());
  }

  private static GroupMember member(MemberState member, int node, Map<Integer, String> names) {
    GroupMember.Builder told =
        GroupMember.newBuilder()
            .setMemberId(member.getMemberId())
            .setInstanceId(member.getInstanceId())
            .setClientId(member.getClientId())
            .setHost(member.getHost())
            .setRack(member.getRack())
            .setNode(node)
            .addAllTopics(member.getTopicsList())
            .setJoinedUnixMs(member.getJoinedUnixMs())
            .setSessionTimeoutMs(member.getSessionTimeoutMs());
    Set<PartitionRef> targets = new HashSet<>(member.getTargetList());
    for (OwnedPartition owned : member.getOwnedList()) {
      TopicPartition name = name(new PartitionId(owned.getTopicId(), owned.getPartition()), names);
      told.addPartitions(name);
      PartitionRef ref =
          PartitionRef.newBuilder()
              .setTopicId(owned.getTopicId())
              .setPartition(owned.getPartition())
              .build();
      if (!targets.contains(ref)) {
        told.addRevoking(name);
      }
    }
    return told.build();
  }

  private static TopicPartition name(PartitionId id, Map<Integer, String> names) {
    @Nullable String topic = names.get(id.topicId());
    return TopicPartition.newBuilder()
        .setTopic(topic == null ? "" : topic)
        .setTopicId(id.topicId())
        .setPartition(id.partition())
        .build();
  }

  static ConsumerGroupState state(GroupPicture picture) {
    try {
      return ConsumerGroupState.parseFrom(picture.getState());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a consumer group that was told cannot be read", e);
    }
  }

  private static MemberState parse(ByteString member) {
    try {
      return MemberState.parseFrom(member);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a member that was told cannot be read", e);
    }
  }
}
