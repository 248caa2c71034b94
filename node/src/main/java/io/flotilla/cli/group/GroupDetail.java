package io.flotilla.cli.group;

import io.flotilla.cli.output.Doc;
import io.flotilla.client.GroupChange;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupMemberDescription;
import io.flotilla.client.GroupPartitionDescription;
import io.flotilla.client.GroupPartitionDescription.Progress;
import io.flotilla.client.TopicPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A group with all that is known about it, as {@code group describe} answers. */
@Doc("A consumer group with its partitions and members.")
record GroupDetail(
    @Doc("Its name.") String name,
    @Doc("How it is doing, in words.") String headline,
    @Doc("empty (it has no members), stable, rebalancing or unknown.") String state,
    @Doc("Rises with each change of who should have what.") long generation,
    @Doc("How partitions are shared out: sticky, range or rack_aware.") String assignor,
    @Doc("When it was made.") Instant created,
    @Doc("The node that leads its coordinator; null when none is known.")
        @Nullable Integer coordinator,
    @Doc("Its partitions, those that wait longest first.") List<PartitionRow> partitions,
    @Doc("Its members.") List<MemberRow> members,
    @Doc("What happened to it last, newest first.") List<ChangeRow> changes) {

  /** One partition. Fields of progress are null while its leader cannot tell. */
  @Doc("A partition that is assigned or has a committed offset.")
  record PartitionRow(
      @Doc("The topic.") String topic,
      @Doc("The partition.") int partition,
      @Doc("The id of the member that has it; null: none.") @Nullable String member,
      @Doc("The next event to process; null: nothing is committed.") @Nullable Long committed,
      @Doc("When that was committed.") @Nullable Instant committedTime,
      @Doc("The first offset that is kept.") @Nullable Long logStart,
      @Doc("The offset that the next event gets.") @Nullable Long end,
      @Doc("How many offsets are between the committed one and the end.") @Nullable Long lagEvents,
      @Doc("How long the oldest unprocessed event has been waiting; 0: nothing waits.")
          @Nullable Long lagMs,
      @Doc("When that event was appended; null: nothing waits.")
          @Nullable Instant oldestUnprocessed,
      @Doc("Events a second that the group commits, of late.") @Nullable Double consumedPerSecond,
      @Doc("Events a second that are published, of late.") @Nullable Double publishedPerSecond,
      @Doc("When the lag will be gone; null: nothing waits, or it cannot be told.")
          @Nullable Long catchUpMs,
      @Doc("At these rates the lag will not go.") boolean fallingBehind,
      @Doc("Why its numbers are missing; null when they are there.") @Nullable String problem) {}

  /** One member. */
  @Doc("A member.")
  record MemberRow(
      @Doc("Its id.") String id,
      @Doc("Its name across restarts; null: none.") @Nullable String instance,
      @Doc("As it called itself; null: it did not.") @Nullable String client,
      @Doc("Where it connects from.") String host,
      @Doc("Where it stands; null: not said.") @Nullable String rack,
      @Doc("The node that serves it; null: its connection is lost.") @Nullable Integer node,
      @Doc("What it wants, names and patterns.") List<String> topics,
      @Doc("When it joined.") Instant joined,
      @Doc("What it has, as TOPIC-PARTITION.") List<String> partitions,
      @Doc("What it is to let go, part of what it has.") List<String> revoking,
      @Doc("How long it outlives a lost connection.") long sessionTimeoutMs) {}

  /** One change. */
  @Doc("A change of the group.")
  record ChangeRow(
      @Doc("The generation that it made.") long generation,
      @Doc("When.") Instant time,
      @Doc("What, in words.") String what) {}

  static GroupDetail of(GroupDescription group) {
    return new GroupDetail(
        group.name(),
        GroupText.headline(group),
        GroupText.word(group.state()),
        group.generation(),
        GroupText.word(group.assignor()),
        group.created(),
        group.coordinator(),
        group.partitions().stream()
            .sorted(
                Comparator.comparing(GroupDetail::worst)
                    .reversed()
                    .thenComparing(GroupPartitionDescription::partition))
            .map(GroupDetail::partition)
            .toList(),
        group.members().stream().map(GroupDetail::member).toList(),
        group.changes().stream().map(GroupDetail::change).toList());
  }

  /** Partitions nothing is known of are the first to look at. */
  private static Duration worst(GroupPartitionDescription partition) {
    Progress progress = partition.progress();
    return progress == null ? Duration.ofDays(Short.MAX_VALUE) : progress.lag();
  }

  private static PartitionRow partition(GroupPartitionDescription one) {
    Progress progress = one.progress();
    String member = orNull(one.memberId());
    String topic = one.partition().topic();
    int number = one.partition().partition();
    if (progress == null) {
      return new PartitionRow(
          topic,
          number,
          member,
          one.committedOffset(),
          one.committed(),
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          false,
          one.problem());
    }
    Duration catchUp = progress.catchUp();
    return new PartitionRow(
        topic,
        number,
        member,
        one.committedOffset(),
        one.committed(),
        progress.logStartOffset(),
        progress.endOffset(),
        progress.lagEvents(),
        progress.lag().toMillis(),
        progress.oldestUnprocessed(),
        progress.consumedPerSecond(),
        progress.publishedPerSecond(),
        catchUp == null ? null : catchUp.toMillis(),
        progress.fallingBehind(),
        null);
  }

  private static MemberRow member(GroupMemberDescription one) {
    return new MemberRow(
        one.memberId(),
        orNull(one.instanceId()),
        orNull(one.clientId()),
        one.host(),
        orNull(one.rack()),
        one.node(),
        one.topics(),
        one.joined(),
        one.partitions().stream().map(TopicPartition::toString).toList(),
        one.revoking().stream().map(TopicPartition::toString).toList(),
        one.sessionTimeout().toMillis());
  }

  private static ChangeRow change(GroupChange one) {
    return new ChangeRow(one.generation(), one.time(), one.what());
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
