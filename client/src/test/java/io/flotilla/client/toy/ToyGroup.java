package io.flotilla.client.toy;

import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.Assigned;
import io.flotilla.proto.v1.AssignedPartition;
import io.flotilla.proto.v1.ConsumeResponse;
import io.flotilla.proto.v1.JoinGroup;
import io.flotilla.proto.v1.Joined;
import io.flotilla.proto.v1.Lost;
import io.flotilla.proto.v1.Revoked;
import io.flotilla.proto.v1.Topic;
import io.flotilla.proto.v1.TopicPartition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One consumer group: shares partitions out evenly, moves as few as need be. Guarded by itself. */
final class ToyGroup {

  /** A partition, in order. */
  record Part(String topic, long topicId, int partition) implements Comparable<Part> {
    static Part of(TopicPartition wire) {
      return new Part(wire.getTopic(), wire.getTopicId(), wire.getPartition());
    }

    TopicPartition wire() {
      return TopicPartition.newBuilder()
          .setTopic(topic)
          .setTopicId(topicId)
          .setPartition(partition)
          .build();
    }

    @Override
    public int compareTo(Part other) {
      return Comparator.comparing(Part::topic)
          .thenComparingInt(Part::partition)
          .compare(this, other);
    }
  }

  /** Where a member's answers go. */
  interface Session {
    void send(ConsumeResponse response);

    void end(ErrorReason reason);
  }

  private static final class Has {
    final String member;
    final long generation;
    boolean revoking;

    Has(String member, long generation) {
      this.member = member;
      this.generation = generation;
    }
  }

  private static final class Member {
    final String id;
    final JoinGroup join;
    @Nullable Session session;

    Member(String id, JoinGroup join) {
      this.id = id;
      this.join = join;
    }

    void tell(ConsumeResponse.Builder response) {
      if (session != null) {
        session.send(response.build());
      }
    }
  }

  private final ToyCluster cluster;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<Part, Has> owners = new TreeMap<>();
  final Map<Part, Long> committed = new ConcurrentSkipListMap<>();
  long generation;
  private int joins;

  ToyGroup(ToyCluster cluster) {
    this.cluster = cluster;
  }

  /** The member's id; null when the token is not known, which ends the session. */
  synchronized @Nullable String join(JoinGroup join, Session session) {
    Member member = members.get(join.getSessionToken());
    if (member == null && !join.getSessionToken().isEmpty()) {
      session.end(ErrorReason.ERROR_REASON_MEMBER_FENCED);
      return null;
    }
    boolean resumed = member != null;
    if (member == null) {
      member = new Member("member-" + ++joins, join);
      takeOver(join.getInstanceId(), member.id);
      members.put(member.id, member);
    }
    member.session = session;
    member.tell(
        ConsumeResponse.newBuilder()
            .setJoined(
                Joined.newBuilder()
                    .setMemberId(member.id)
                    .setSessionToken(member.id)
                    .setResumed(resumed)));
    Member in = member;
    tellAll(in);
    balance();
    return in.id;
  }

  private void takeOver(String instance, String successor) {
    for (Member old : List.copyOf(members.values())) {
      if (!instance.isEmpty() && old.join.getInstanceId().equals(instance)) {
        members.remove(old.id);
        if (old.session != null) {
          old.session.end(ErrorReason.ERROR_REASON_INSTANCE_FENCED);
        }
        generation++;
        owners.replaceAll(
            (part, has) -> has.member.equals(old.id) ? new Has(successor, generation) : has);
      }
    }
  }

  private void tellAll(Member member) {
    List<Part> own = new ArrayList<>();
    List<Part> revoking = new ArrayList<>();
    owners.forEach(
        (part, has) -> {
          if (has.member.equals(member.id)) {
            own.add(part);
            if (has.revoking) {
              revoking.add(part);
            }
          }
        });
    assign(member, own);
    revoke(member, revoking);
  }

  private void assign(Member member, List<Part> parts) {
    Assigned.Builder assigned = Assigned.newBuilder().setGeneration(generation);
    for (Part part : parts) {
      assigned.addPartitions(
          AssignedPartition.newBuilder()
              .setTopic(part.topic())
              .setTopicId(part.topicId())
              .setPartition(part.partition())
              .setGeneration(has(part).generation)
              .setStartOffset(committed.getOrDefault(part, 0L)));
    }
    member.tell(ConsumeResponse.newBuilder().setAssigned(assigned));
  }

  private Has has(Part part) {
    Has has = owners.get(part);
    if (has == null) {
      throw new IllegalStateException(part + " is nobody's");
    }
    return has;
  }

  private void revoke(Member member, List<Part> parts) {
    if (!parts.isEmpty()) {
      long within =
          member.join.getRevokeTimeoutMs() == 0 ? 10_000 : member.join.getRevokeTimeoutMs();
      member.tell(
          ConsumeResponse.newBuilder()
              .setRevoked(
                  Revoked.newBuilder()
                      .addAllPartitions(parts.stream().map(Part::wire).toList())
                      .setWithinMs(within)));
      var unused =
          cluster.answers.schedule(() -> expire(member, parts), within, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void expire(Member member, List<Part> parts) {
    List<Part> late =
        owned(member).stream().filter(part -> parts.contains(part) && has(part).revoking).toList();
    if (!late.isEmpty()) {
      late.forEach(owners::remove);
      member.tell(
          ConsumeResponse.newBuilder()
              .setLost(Lost.newBuilder().addAllPartitions(late.stream().map(Part::wire).toList())));
      balance();
    }
  }

  /** Who has too many is asked to let some go; what is free goes to who has the fewest. */
  synchronized void balance() {
    if (members.isEmpty()) {
      return;
    }
    generation++;
    List<Part> all = parts();
    int most = (all.size() + members.size() - 1) / members.size();
    for (Member member : members.values()) {
      List<Part> own = owned(member);
      List<Part> extra = own.size() > most ? own.subList(most, own.size()) : List.of();
      List<Part> fresh = extra.stream().filter(part -> !has(part).revoking).toList();
      fresh.forEach(part -> has(part).revoking = true);
      revoke(member, fresh);
    }
    Map<Member, List<Part>> given = new LinkedHashMap<>();
    for (Part part : all) {
      if (!owners.containsKey(part)) {
        Member poorest =
            members.values().stream()
                .min(Comparator.comparingInt(m -> owned(m).size()))
                .orElseThrow();
        owners.put(part, new Has(poorest.id, generation));
        given.computeIfAbsent(poorest, m -> new ArrayList<>()).add(part);
      }
    }
    given.forEach(this::assign);
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    for (Topic topic : cluster.topics.values()) {
      if (members.values().stream().anyMatch(m -> wants(m, topic.getName()))) {
        for (int p = 0; p < topic.getPartitionCount(); p++) {
          parts.add(new Part(topic.getName(), topic.getTopicId(), p));
        }
      }
    }
    return parts.stream().sorted().toList();
  }

  private static boolean wants(Member member, String topic) {
    return member.join.getTopicsList().stream()
        .anyMatch(pattern -> topic.matches(pattern.replace(".", "\\.").replace("*", ".*")));
  }

  private List<Part> owned(Member member) {
    return owners.entrySet().stream()
        .filter(entry -> entry.getValue().member.equals(member.id))
        .map(Map.Entry::getKey)
        .toList();
  }

  synchronized void release(String id, List<TopicPartition> parts) {
    for (TopicPartition each : parts) {
      Has has = owners.get(Part.of(each));
      if (has != null && has.member.equals(id) && has.revoking) {
        owners.remove(Part.of(each));
      }
    }
    balance();
  }

  /** Away for good, by its own will or not. */
  synchronized void remove(String id, Consumer<Session> farewell) {
    Member member = members.remove(id);
    if (member != null) {
      owners.values().removeIf(has -> has.member.equals(id));
      if (member.session != null) {
        farewell.accept(member.session);
      }
      balance();
    }
  }

  synchronized void disconnected(String id, Session session) {
    Member member = members.get(id);
    if (member != null && session.equals(member.session)) {
      member.session = null;
      int timeout = member.join.getSessionTimeoutMs();
      var unused =
          cluster.answers.schedule(
              () -> gone(member), timeout == 0 ? 2_000 : timeout, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void gone(Member member) {
    if (member.session == null) {
      remove(member.id, session -> {});
    }
  }

  /** The reason why not; null when it is committed. */
  synchronized @Nullable ErrorReason commit(Part part, long by, long offset) {
    Has has = owners.get(part);
    if (by == 0 && !members.isEmpty()) {
      return ErrorReason.ERROR_REASON_GROUP_NOT_EMPTY;
    }
    if (by != 0 && (has == null || has.generation != by)) {
      return ErrorReason.ERROR_REASON_MEMBER_FENCED;
    }
    committed.merge(part, offset, Math::max);
    return null;
  }

  synchronized Map<Part, String> assignment() {
    Map<Part, String> assignment = new TreeMap<>();
    owners.forEach((part, has) -> assignment.put(part, has.member));
    return assignment;
  }

  synchronized List<String> memberIds() {
    return List.copyOf(members.keySet());
  }
}
