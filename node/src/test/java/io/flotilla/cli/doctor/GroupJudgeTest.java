package io.flotilla.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Assignor;
import io.flotilla.client.GroupChange;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupDescription.State;
import io.flotilla.client.GroupMemberDescription;
import io.flotilla.client.GroupPartitionDescription;
import io.flotilla.client.GroupPartitionDescription.Progress;
import io.flotilla.client.TopicPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whoever asks why a group is behind learns the cause, and that nothing is wrong when it is not.
 */
final class GroupJudgeTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 4);
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration APART = Duration.ofSeconds(2);
  private static final GroupMemberDescription OWNER = member(1);
  private static final GroupMemberDescription LOST = member(null);

  private static GroupMemberDescription member(@Nullable Integer node) {
    return new GroupMemberDescription(
        "m1",
        "",
        "",
        "10.0.0.7",
        "",
        node,
        List.of("orders"),
        NOW.minusSeconds(3_600),
        List.of(ORDERS),
        List.of(),
        Duration.ofSeconds(10));
  }

  private static Progress progress(
      long logStart, long end, long lag, int lagSeconds, @Nullable Duration catchUp) {
    Instant oldest = lag == 0 ? null : NOW.minusSeconds(lagSeconds);
    Duration waits = Duration.ofSeconds(lag == 0 ? 0 : lagSeconds);
    return new Progress(logStart, end, lag, waits, oldest, 5, 5, catchUp, false);
  }

  /** Committed at 10, so long before now. */
  private static GroupPartitionDescription at(
      @Nullable Progress progress, String owner, int committedSeconds) {
    return new GroupPartitionDescription(
        ORDERS,
        owner,
        10L,
        NOW.minusSeconds(committedSeconds),
        progress,
        progress == null ? "no leader" : null);
  }

  private static GroupDescription group(
      List<GroupMemberDescription> members, GroupPartitionDescription... partitions) {
    return new GroupDescription(
        "billing",
        members.isEmpty() ? State.EMPTY : State.STABLE,
        3,
        Assignor.STICKY,
        members.size(),
        Instant.EPOCH,
        2,
        members,
        List.of(partitions),
        List.of(new GroupChange(3, NOW, "m0 left")));
  }

  private static GroupCase judge(@Nullable GroupDescription first, GroupDescription second) {
    return new GroupJudge(first, second, APART, NOW).judge();
  }

  private static Reason only(GroupCase found) {
    assertThat(found.result()).isEqualTo("warn");
    assertThat(found.reasons()).hasSize(1);
    return found.reasons().get(0);
  }

  @Test
  void aGroupThatHasCaughtUpIsWellAtOneLook() {
    GroupDescription group = group(List.of(OWNER), at(progress(0, 10, 0, 0, null), "m1", 1));
    assertThat(GroupJudge.wantsSecondLook(group)).isFalse();
    GroupCase found = judge(null, group);
    assertThat(found.result()).isEqualTo("ok");
    assertThat(found.message()).isEqualTo("billing has caught up");
    assertThat(found.reasons()).isEmpty();
    assertThat(found.partitions().get(0).standing()).isEqualTo("caught_up");
    assertThat(found.text(false, true)).contains("  last    m0 left, 2026-01-01T12:00:00Z");
  }

  @Test
  void withoutMembersNobodyReads() {
    GroupDescription group = group(List.of(), at(progress(0, 90, 80, 400, null), "", 500));
    assertThat(GroupJudge.wantsSecondLook(group)).as("nothing will move").isFalse();
    Reason reason = only(judge(null, group));
    assertThat(reason.cause()).isEqualTo("GroupWithoutMembers");
    assertThat(reason.because())
        .isEqualTo("orders/4: nobody reads: the group has no members; 80 events wait for 7 min");
    assertThat(reason.hint()).contains("flotilla subscribe orders --group billing");
  }

  @Test
  void anOwnerThatDoesNotCommitIsNamed() {
    GroupDescription group = group(List.of(OWNER), at(progress(0, 90, 80, 200, null), "m1", 180));
    assertThat(GroupJudge.wantsSecondLook(group)).isTrue();
    Reason reason = only(judge(group, group));
    assertThat(reason.cause()).isEqualTo("OwnerNotCommitting");
    assertThat(reason.because())
        .contains("its owner m1 at 10.0.0.7 has committed nothing for 3 min");
  }

  @Test
  void anOwnerThatNeverCommitsIsNotTakenForOneThatHasCaughtUp() {
    GroupPartitionDescription before =
        new GroupPartitionDescription(ORDERS, "m1", null, null, progress(0, 90, 0, 0, null), null);
    GroupPartitionDescription after =
        new GroupPartitionDescription(ORDERS, "m1", null, null, progress(0, 95, 0, 0, null), null);
    assertThat(GroupJudge.wantsSecondLook(group(List.of(OWNER), before))).isTrue();
    GroupCase found = judge(group(List.of(OWNER), before), group(List.of(OWNER), after));
    assertThat(only(found).because()).contains("has never committed");
    assertThat(found.message()).isEqualTo("billing has members that do not commit");
    GroupCase quiet = judge(group(List.of(OWNER), before), group(List.of(OWNER), before));
    assertThat(quiet.result()).as("perhaps there is nothing to commit").isEqualTo("ok");
    assertThat(quiet.partitions().get(0).standing()).isEqualTo("never_committed");
  }

  @Test
  void fallingBehindIsToldByTheSlope() {
    GroupDescription first = group(List.of(OWNER), at(progress(0, 90, 80, 60, null), "m1", 1));
    GroupDescription second = group(List.of(OWNER), at(progress(0, 710, 700, 62, null), "m1", 1));
    GroupCase found = judge(first, second);
    assertThat(only(found).because()).contains("more is published than read, +310 events/s");
    assertThat(only(found).hint()).contains("each partition has its member already");
    assertThat(only(found).runbook()).endsWith("#flotillagrouplagging");
    assertThat(found.partitions().get(0).growthPerSecond()).isEqualTo(310.0);
    assertThat(only(judge(first, first)).because()).contains("does not become less");
  }

  @Test
  void catchingUpIsNotWrongAndSaysUntilWhen() {
    GroupDescription first = group(List.of(OWNER), at(progress(0, 910, 900, 60, null), "m1", 1));
    GroupDescription second = group(List.of(OWNER), at(progress(0, 910, 800, 61, null), "m1", 1));
    GroupCase bySlope = judge(first, second);
    assertThat(bySlope.result()).isEqualTo("ok");
    assertThat(bySlope.message())
        .isEqualTo("billing is 61 s behind (800 events), catching up, clear in about 16 s");
    GroupDescription told =
        group(List.of(OWNER), at(progress(0, 910, 800, 61, Duration.ofMinutes(2)), "m1", 1));
    GroupCase byRates = judge(second, told);
    assertThat(byRates.result()).as("between two commits nothing moves").isEqualTo("ok");
    assertThat(byRates.message()).endsWith("catching up, clear in about 2 min");
    assertThat(byRates.partitions().get(0).catchUpMs()).isEqualTo(120_000);
  }

  @Test
  void whatIsUnderWayIsNotLag() {
    GroupDescription group = group(List.of(OWNER), at(progress(0, 14, 4, 3, null), "m1", 3));
    assertThat(judge(group, group).result()).isEqualTo("ok");
    assertThat(judge(group, group).partitions().get(0).standing()).isEqualTo("keeping_up");
  }

  @Test
  void missingOwnersAndLostConnectionsAreTold() {
    Progress waiting = progress(0, 90, 80, 200, null);
    Reason lost = only(judge(null, group(List.of(LOST), at(waiting, "m1", 180))));
    assertThat(lost.because()).contains("m1 at 10.0.0.7 has lost its connection");
    assertThat(lost.hint()).contains("session timeout of 10 s");
    Reason none = only(judge(null, group(List.of(OWNER), at(waiting, "", 180))));
    assertThat(none.because()).contains("no member asks for this topic");
  }

  @Test
  void aSilentLeaderAndDeletedEventsAreTold() {
    Reason untold = only(judge(null, group(List.of(OWNER), at(null, "m1", 1))));
    assertThat(untold.because()).contains("no leader");
    assertThat(untold.hint()).isEqualTo("flotilla explain partition orders/4");
    GroupDescription trimmed = group(List.of(OWNER), at(progress(50, 90, 40, 20, null), "m1", 20));
    Reason deleted = only(judge(trimmed, trimmed));
    assertThat(deleted.because()).contains("10 was the next offset, 50 is the first that is kept");
  }
}
