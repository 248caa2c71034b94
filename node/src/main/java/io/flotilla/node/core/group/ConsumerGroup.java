package io.flotilla.node.core.group;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.ConsumerGroupState;
import io.flotilla.proto.state.v1.GroupEvent;
import io.flotilla.proto.state.v1.GroupTopic;
import io.flotilla.proto.state.v1.JoinMember;
import io.flotilla.proto.state.v1.MemberState;
import io.flotilla.proto.state.v1.PartitionRef;
import io.flotilla.proto.state.v1.ReleaseOwned;
import io.flotilla.proto.state.v1.RemovalReason;
import io.flotilla.proto.state.v1.RemoveMember;
import io.flotilla.proto.state.v1.UpdateTopics;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group while it is being changed. Commands change who is there and what they want;
 * {@link #share} then says once who should have what and hands over what nobody has. A partition
 * has one owner at most, and each next owner has it in a higher generation. Confined to the thread
 * that applies.
 */
final class ConsumerGroup {

  private ConsumerGroupState state;
  final SortedMap<String, Member> members = new TreeMap<>();
  final SortedMap<Integer, GroupTopic> topics = new TreeMap<>();

  /** Something happened that old owners' commits must not outlive. */
  private boolean fenceDue;

  ConsumerGroup(ConsumerGroupState row) {
    this.state = row;
    row.getTopicsList().forEach(topic -> topics.put(topic.getTopicId(), topic));
  }

  static ConsumerGroup born(String name, long generation, long timeMs) {
    return new ConsumerGroup(
        ConsumerGroupState.newBuilder()
            .setName(name)
            .setBornGeneration(generation)
            .setGeneration(generation)
            .setAssignor(Assignor.STICKY)
            .setCreatedUnixMs(timeMs)
            .setIdleSinceUnixMs(timeMs)
            .build());
  }

  ConsumerGroupState row() {
    return state;
  }

  void join(JoinMember join, long timeMs) {
    if (join.getMemberId().isEmpty() || join.getSessionToken().isEmpty()) {
      throw FlotillaException.invalid("a member needs an id and a session token");
    }
    if (join.getTopicsCount() < 1 || join.getTopicsCount() > GroupLimits.SUBSCRIPTIONS_MAX) {
      throw limit(
          join.getTopicsCount()
              + " subscriptions of a member, allowed are 1 to "
              + GroupLimits.SUBSCRIPTIONS_MAX);
    }
    Member before = members.get(join.getMemberId());
    if (before != null && !before.row().getSessionToken().equals(join.getSessionToken())) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_MEMBER_FENCED, "another member has this id");
    }
    Member instance = before == null ? holder(join.getInstanceId()) : null;
    if (before == null && instance == null && members.size() >= GroupLimits.MEMBERS_MAX) {
      throw limit(members.size() + " members of " + GroupLimits.MEMBERS_MAX);
    }
    know(join);
    Member member = Member.said(row(join, before, timeMs));
    if (before != null) {
      member.owned.putAll(before.owned);
      member.target = before.target;
    } else if (instance != null) {
      takeOver(instance, member);
    }
    members.put(member.id(), member);
    if (instance != null) {
      say(timeMs, "%s joined and took the place of %s".formatted(member.id(), instance.id()));
    } else if (before == null) {
      say(timeMs, member.name() + " joined");
    }
  }

  private @Nullable Member holder(String instanceId) {
    for (Member member : members.values()) {
      if (!instanceId.isEmpty() && member.row().getInstanceId().equals(instanceId)) {
        return member;
      }
    }
    return null;
  }

  /** What the old one was to let go is free at once: it is fenced. */
  private void takeOver(Member old, Member successor) {
    members.remove(old.id());
    successor.target = old.target;
    fenceDue = true;
  }

  private void know(JoinMember join) {
    int partitions = topics.values().stream().mapToInt(GroupTopic::getPartitions).sum();
    int count = topics.size();
    for (GroupTopic topic : join.getKnownTopicsList()) {
      if (!topics.containsKey(topic.getTopicId())) {
        count++;
        partitions += topic.getPartitions();
      }
    }
    if (count > GroupLimits.TOPICS_MAX || partitions > GroupLimits.PARTITIONS_MAX) {
      throw limit(
          "%d topics of %d, %d partitions of %d"
              .formatted(count, GroupLimits.TOPICS_MAX, partitions, GroupLimits.PARTITIONS_MAX));
    }
    for (GroupTopic topic : join.getKnownTopicsList()) {
      GroupTopic known = topics.get(topic.getTopicId());
      int first = known == null ? topic.getPartitions() : known.getFirstDiscovered();
      put(topic, first);
    }
  }

  private void put(GroupTopic topic, int firstDiscovered) {
    GroupTopic known = topics.get(topic.getTopicId());
    int partitions =
        known == null
            ? topic.getPartitions()
            : Math.max(known.getPartitions(), topic.getPartitions());
    topics.put(
        topic.getTopicId(),
        topic.toBuilder().setPartitions(partitions).setFirstDiscovered(firstDiscovered).build());
  }

  static FlotillaException limit(String what) {
    return new FlotillaException(
        ErrorReason.ERROR_REASON_GROUP_LIMIT, "the consumer group would have " + what);
  }

  private static MemberState row(JoinMember join, @Nullable Member before, long timeMs) {
    return MemberState.newBuilder()
        .setMemberId(join.getMemberId())
        .setSessionToken(join.getSessionToken())
        .setInstanceId(join.getInstanceId())
        .addAllTopics(join.getTopicsList())
        .setRack(join.getRack())
        .setClientId(join.getClientId())
        .setHost(join.getHost())
        .setSessionTimeoutMs(join.getSessionTimeoutMs())
        .setAssignor(join.getAssignor())
        .setJoinedUnixMs(before == null ? timeMs : before.row().getJoinedUnixMs())
        .build();
  }

  /** Somebody who is not there has been removed before. */
  void remove(RemoveMember command, long timeMs) {
    Member gone = members.remove(command.getMemberId());
    if (gone != null) {
      fenceDue |= !gone.owned.isEmpty();
      boolean left = command.getReason() == RemovalReason.REMOVAL_REASON_LEFT;
      say(timeMs, gone.name() + (left ? " left" : " was not heard of and is expelled"));
    }
  }

  void release(ReleaseOwned command) {
    Member member = members.get(command.getMemberId());
    if (member == null) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_MEMBER_FENCED, "the member is not in the group any more");
    }
    for (PartitionRef ref : command.getPartitionsList()) {
      boolean possible = ref.getTopicId() > 0 && ref.getPartition() >= 0;
      PartitionId id = possible ? new PartitionId(ref.getTopicId(), ref.getPartition()) : null;
      if (id != null && !member.target.contains(id)) {
        member.owned.remove(id);
      }
    }
  }

  void update(UpdateTopics news, long timeMs) {
    for (int topicId : news.getGoneList()) {
      GroupTopic gone = topics.remove(topicId);
      if (gone != null) {
        say(timeMs, "topic " + gone.getName() + " is gone");
      }
    }
    for (GroupTopic topic : news.getTopicsList()) {
      GroupTopic known = topics.get(topic.getTopicId());
      if (known == null || known.getPartitions() < topic.getPartitions()) {
        say(timeMs, "topic " + topic.getName() + " has appeared or grown");
      }
      put(topic, known == null ? 0 : known.getFirstDiscovered());
    }
  }

  /** Refused while there are members. */
  void demandEmpty() {
    if (!members.isEmpty()) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_GROUP_NOT_EMPTY,
          "consumer group \"" + state.getName() + "\" has " + members.size() + " members");
    }
  }

  void touch(long timeMs) {
    state = state.toBuilder().setIdleSinceUnixMs(timeMs).build();
  }

  void fence(long timeMs) {
    fenceDue = true;
    touch(timeMs);
    say(timeMs, "was reset, in a new generation");
  }

  private void say(long timeMs, String what) {
    ConsumerGroupState.Builder next = state.toBuilder();
    next.addEvents(GroupEvent.newBuilder().setTimeUnixMs(timeMs).setWhat(what));
    while (next.getEventsCount() > GroupLimits.EVENTS_KEPT) {
      next.removeEvents(0);
    }
    state = next.build();
  }

  /** Says who should have what, and hands over what nobody has. */
  void share(long timeMs) {
    forgetTopics();
    int assignor = assignorInForce();
    Map<String, SortedSet<PartitionId>> shares =
        Assignor.of(assignor).assign(members, topics.values());
    boolean changed = fenceDue;
    for (Member member : members.values()) {
      SortedSet<PartitionId> share = shares.getOrDefault(member.id(), new TreeSet<>());
      changed |= !share.equals(member.target);
      member.target = share;
    }
    fenceDue = false;
    long generation = state.getGeneration() + (changed ? 1 : 0);
    handOver(generation);
    ConsumerGroupState.Builder next =
        state.toBuilder().setGeneration(generation).setAssignor(assignor).clearTopics();
    next.addAllTopics(topics.values());
    next.setIdleSinceUnixMs(members.isEmpty() ? idleSince(timeMs) : 0);
    for (int i = 0; i < next.getEventsCount(); i++) {
      if (next.getEvents(i).getGeneration() == 0) {
        next.setEvents(i, next.getEvents(i).toBuilder().setGeneration(generation));
      }
    }
    state = next.build();
  }

  private long idleSince(long timeMs) {
    return state.getIdleSinceUnixMs() == 0 ? timeMs : state.getIdleSinceUnixMs();
  }

  /** Topics that nobody wants any more are not known any more, nor are their partitions owned. */
  private void forgetTopics() {
    topics
        .values()
        .removeIf(topic -> members.values().stream().noneMatch(m -> m.wants(topic.getName())));
    for (Member member : members.values()) {
      member.owned.keySet().removeIf(id -> !exists(id));
    }
  }

  private boolean exists(PartitionId id) {
    GroupTopic topic = topics.get(id.topicId());
    return topic != null && id.partition() < topic.getPartitions();
  }

  private int assignorInForce() {
    Map<Integer, Integer> votes = new TreeMap<>();
    for (Member member : members.values()) {
      votes.merge(Math.max(Assignor.STICKY, member.row().getAssignor()), 1, Integer::sum);
    }
    int best = members.isEmpty() ? Math.max(Assignor.STICKY, state.getAssignor()) : 0;
    int most = 0;
    for (Map.Entry<Integer, Integer> vote : votes.entrySet()) {
      if (vote.getValue() > most) {
        best = vote.getKey();
        most = vote.getValue();
      }
    }
    return best;
  }

  private void handOver(long generation) {
    Set<PartitionId> taken = new HashSet<>();
    members.values().forEach(member -> taken.addAll(member.owned.keySet()));
    for (Member member : members.values()) {
      for (PartitionId id : member.target) {
        if (taken.add(id)) {
          member.owned.put(id, generation);
        }
      }
    }
  }

  /** As an image; the rows must have been refreshed. */
  GroupImage image() {
    SortedMap<String, MemberState> rows = new TreeMap<>();
    boolean moving = false;
    for (Member member : members.values()) {
      rows.put(member.id(), member.row());
      moving |= !member.owned.keySet().equals(member.target);
    }
    return new GroupImage(state, rows, moving);
  }
}
