package io.flotilla.testing;

import io.flotilla.client.Admin;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupPartitionDescription;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group that one test has for itself: how far it is. Every call blocks. Safe for many
 * threads.
 */
public final class GroupHandle {

  /** Leaders may be on their way to another node. */
  private static final Duration LEADERS_MAX = Duration.ofSeconds(20);

  private final String name;
  private final Admin admin;

  GroupHandle(String name, Admin admin) {
    this.name = name;
    this.admin = admin;
  }

  /** Its name in the cluster, the test's prefix included: what consumers join. */
  public String name() {
    return name;
  }

  /**
   * How many events it has not committed, in all partitions that its members have or that it has
   * committed in; 0 when there is no such group yet. A partition in which nothing was ever
   * committed counts from its beginning, wherever the group starts to read.
   */
  public long lag() {
    return Waiting.until(
        LEADERS_MAX, () -> lag(described()), () -> "the lag is not known: " + told(described()));
  }

  /**
   * Waits until it has committed everything in all partitions of the topics that its members read:
   * each partition is with a member, or the members have left, and {@link #lag} is 0. A group that
   * nobody has joined yet is not caught up.
   */
  public void awaitCaughtUp(Duration timeout) {
    Waiting.until(
        timeout,
        () -> caughtUp(described()) ? true : null,
        () -> "%s is not caught up after %s: %s".formatted(name, timeout, told(described())));
  }

  private @Nullable GroupDescription described() {
    try {
      return admin.describeGroup(name);
    } catch (FlotillaClientException e) {
      if (e.reason() == ErrorReason.ERROR_REASON_GROUP_NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  private static boolean caughtUp(@Nullable GroupDescription group) {
    if (group == null
        || group.partitions().isEmpty()
        || (group.state() != GroupDescription.State.STABLE
            && group.state() != GroupDescription.State.EMPTY)) {
      return false;
    }
    Long lag = lag(group);
    return lag != null && lag == 0;
  }

  /** Null while a leader could not tell. */
  private static @Nullable Long lag(@Nullable GroupDescription group) {
    long lag = 0;
    for (GroupPartitionDescription partition : partitions(group)) {
      Long behind = behind(partition);
      if (behind == null) {
        return null;
      }
      lag += behind;
    }
    return lag;
  }

  private static @Nullable Long behind(GroupPartitionDescription partition) {
    var progress = partition.progress();
    if (progress == null) {
      return null;
    }
    return partition.committedOffset() == null
        ? progress.endOffset() - progress.logStartOffset()
        : progress.lagEvents();
  }

  private static List<GroupPartitionDescription> partitions(@Nullable GroupDescription group) {
    return group == null ? List.of() : group.partitions();
  }

  /** For whoever waited in vain. */
  private static String told(@Nullable GroupDescription group) {
    if (group == null) {
      return "nobody has joined it";
    }
    return partitions(group).stream()
        .map(
            p -> {
              Long behind = behind(p);
              return p.partition()
                  + (behind == null ? " unknown, " + p.problem() : " " + behind + " events behind")
                  + (p.memberId().isEmpty() ? ", no member has it" : "");
            })
        .collect(Collectors.joining("; ", group.state() + ", ", ""));
  }

  @Override
  public String toString() {
    return name;
  }
}
