package io.flotilla.cli.group;

import io.flotilla.cli.output.Text;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupDescription.State;
import io.flotilla.client.GroupPartitionDescription;
import io.flotilla.client.GroupPartitionDescription.Progress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is said about a group in words. Stateless. */
public final class GroupText {

  private GroupText() {}

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static Object orNone(@Nullable Object value) {
    return value == null ? Text.NONE : value;
  }

  /** How the group is doing, in one sentence. */
  public static String headline(GroupDescription group) {
    List<GroupPartitionDescription> known =
        group.partitions().stream().filter(each -> each.progress() != null).toList();
    StringBuilder text = new StringBuilder(group.name()).append(' ');
    text.append(
        group.members().isEmpty() && group.memberCount() == 0 ? memberless(known) : lag(known));
    int unknown = group.partitions().size() - known.size();
    if (unknown > 0) {
      text.append("; ").append(Text.count(unknown, "partition")).append(" cannot be told now");
    }
    return text.append(group.state() == State.REBALANCING ? "; rebalancing" : "").toString();
  }

  private static String memberless(List<GroupPartitionDescription> known) {
    long events = events(known);
    return "has no members"
        + (events == 0
            ? ""
            : "; " + Text.count(events, "event") + " wait, the oldest for " + span(worst(known)));
  }

  private static String lag(List<GroupPartitionDescription> known) {
    if (known.isEmpty()) {
      return "has nothing to read";
    }
    long events = events(known);
    return events == 0
        ? "has caught up"
        : "is "
            + span(worst(known))
            + " behind ("
            + Text.count(events, "event")
            + ")"
            + trend(known);
  }

  private static String trend(List<GroupPartitionDescription> known) {
    List<GroupPartitionDescription> falling =
        known.stream().filter(each -> progress(each).fallingBehind()).toList();
    if (!falling.isEmpty()) {
      double rate =
          falling.stream()
              .map(GroupText::progress)
              .mapToDouble(each -> each.publishedPerSecond() - each.consumedPerSecond())
              .sum();
      GroupPartitionDescription worst =
          falling.stream().max(Comparator.comparing(each -> progress(each).lag())).orElseThrow();
      long perSecond = Math.round(rate);
      return ", falling behind"
          + (perSecond > 0 ? ": +" + Text.count(perSecond) + " events/s" : "")
          + ", worst "
          + worst.partition();
    }
    List<Progress> waiting =
        known.stream().map(GroupText::progress).filter(each -> each.lagEvents() > 0).toList();
    return waiting.stream().anyMatch(each -> each.catchUp() == null)
        ? ""
        : ", catching up, clear in about " + span(longest(waiting));
  }

  private static Duration longest(List<Progress> waiting) {
    return waiting.stream()
        .map(Progress::catchUp)
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  private static long events(List<GroupPartitionDescription> known) {
    return known.stream().mapToLong(each -> progress(each).lagEvents()).sum();
  }

  private static Duration worst(List<GroupPartitionDescription> known) {
    return known.stream()
        .map(each -> progress(each).lag())
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  private static Progress progress(GroupPartitionDescription partition) {
    return Objects.requireNonNull(partition.progress());
  }

  /** {@code 850 ms}, {@code 42 s}, {@code 2 min}, {@code 3 h}, {@code 4 days}: one number. */
  public static String span(Duration time) {
    if (time.compareTo(Duration.ofSeconds(1)) < 0) {
      return time.toMillis() + " ms";
    }
    if (time.compareTo(Duration.ofSeconds(100)) < 0) {
      return Math.round(time.toMillis() / 1000.0) + " s";
    }
    if (time.compareTo(Duration.ofMinutes(100)) < 0) {
      return Math.round(time.toSeconds() / 60.0) + " min";
    }
    if (time.compareTo(Duration.ofDays(2)) < 0) {
      return Math.round(time.toMinutes() / 60.0) + " h";
    }
    return Text.count(Math.round(time.toHours() / 24.0)) + " days";
  }
}
