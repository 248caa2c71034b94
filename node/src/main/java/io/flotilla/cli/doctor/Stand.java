package io.flotilla.cli.doctor;

import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupMemberDescription;
import io.flotilla.client.GroupPartitionDescription;
import io.flotilla.client.GroupPartitionDescription.Progress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a group stands in one partition, judged from two looks a short time apart. Pure.
 *
 * @param now how it was at the second look
 * @param owner the member that has it; null: none
 * @param growth by how many events a second more wait; null: there was one look only
 * @param catchUp when nothing will wait any more; null: it cannot be told
 */
record Stand(
    Standing standing,
    GroupPartitionDescription now,
    @Nullable GroupMemberDescription owner,
    @Nullable Double growth,
    @Nullable Duration catchUp) {

  /** Less is on its way: whoever commits every few seconds is always that far behind. */
  static final Duration WAITING_MIN = Duration.ofSeconds(10);

  /** Longer than any member of ours goes without a commit while it works. */
  static final Duration SILENT_MIN = Duration.ofSeconds(30);

  /**
   * @param before the same partition at the first look; null: there was one look only
   * @param apart how long before that was
   * @param time of the second look
   */
  static Stand of(
      GroupDescription group,
      GroupPartitionDescription now,
      @Nullable GroupPartitionDescription before,
      Duration apart,
      Instant time) {
    GroupMemberDescription owner =
        group.members().stream()
            .filter(member -> member.memberId().equals(now.memberId()))
            .findFirst()
            .orElse(null);
    Progress progress = now.progress();
    if (progress == null) {
      return new Stand(Standing.UNTOLD, now, owner, null, null);
    }
    Double growth = growth(progress, before == null ? null : before.progress(), apart);
    Duration catchUp = catchUp(progress, growth);
    Standing standing =
        now.committedOffset() == null && owner != null
            ? uncommitted(progress, before == null ? null : before.progress(), owner, time)
            : standing(group, now, progress, owner, catchUp);
    return new Stand(
        standing, now, owner, growth, standing == Standing.CATCHING_UP ? catchUp : null);
  }

  private static @Nullable Double growth(Progress now, @Nullable Progress before, Duration apart) {
    return before == null || apart.isZero()
        ? null
        : (now.lagEvents() - before.lagEvents()) * 1000.0 / apart.toMillis();
  }

  /** The leader's rates are of a longer time; without any, what was seen between the looks. */
  private static @Nullable Duration catchUp(Progress now, @Nullable Double growth) {
    if (now.catchUp() != null || growth == null || growth >= 0) {
      return now.catchUp();
    }
    return Duration.ofMillis(Math.round(now.lagEvents() * 1000.0 / -growth));
  }

  /** Where it began is not known: whether it reads shows by what is published meanwhile. */
  private static Standing uncommitted(
      Progress now, @Nullable Progress before, GroupMemberDescription owner, Instant time) {
    if (now.endOffset() == now.logStartOffset()) {
      return Standing.CAUGHT_UP;
    }
    boolean published = before != null && now.endOffset() > before.endOffset();
    return published && owner.joined().plus(SILENT_MIN).isBefore(time)
        ? Standing.NOT_COMMITTING
        : Standing.NEVER_COMMITTED;
  }

  private static Standing standing(
      GroupDescription group,
      GroupPartitionDescription now,
      Progress progress,
      @Nullable GroupMemberDescription owner,
      @Nullable Duration catchUp) {
    Long committed = now.committedOffset();
    if (progress.lagEvents() == 0) {
      return Standing.CAUGHT_UP;
    }
    if (group.members().isEmpty() && group.memberCount() == 0) {
      return Standing.NO_MEMBERS;
    }
    if (owner == null) {
      return Standing.NO_OWNER;
    }
    if (owner.node() == null) {
      return Standing.OWNER_LOST;
    }
    if (progress.lag().compareTo(SILENT_MIN) >= 0
        && silence(now, progress, owner).compareTo(SILENT_MIN) >= 0) {
      return Standing.NOT_COMMITTING;
    }
    if (committed != null && committed < progress.logStartOffset()) {
      return Standing.EVENTS_DELETED;
    }
    if (progress.lag().compareTo(WAITING_MIN) < 0) {
      return Standing.KEEPING_UP;
    }
    return catchUp == null ? Standing.FALLING_BEHIND : Standing.CATCHING_UP;
  }

  /** By the leader's clock: for how long its owner has committed nothing. */
  static Duration silence(
      GroupPartitionDescription now, Progress progress, GroupMemberDescription owner) {
    Instant oldest = progress.oldestUnprocessed();
    if (oldest == null) {
      return Duration.ZERO;
    }
    Instant committed = now.committed();
    Instant last =
        committed == null || committed.isBefore(owner.joined()) ? owner.joined() : committed;
    return Duration.between(last, oldest.plus(progress.lag()));
  }

  long lagEvents() {
    Progress progress = now.progress();
    return progress == null ? 0 : progress.lagEvents();
  }

  Duration lag() {
    Progress progress = now.progress();
    return progress == null ? Duration.ZERO : progress.lag();
  }

  String name() {
    return now.partition().topic() + "/" + now.partition().partition();
  }
}
