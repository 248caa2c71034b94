package io.flotilla.cli.doctor;

import io.flotilla.cli.doctor.GroupCase.PartitionRow;
import io.flotilla.cli.group.GroupText;
import io.flotilla.cli.output.Text;
import io.flotilla.client.GroupChange;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupDescription.State;
import io.flotilla.client.GroupMemberDescription;
import io.flotilla.client.GroupPartitionDescription;
import io.flotilla.client.GroupPartitionDescription.Progress;
import io.flotilla.client.TopicPartition;
import io.flotilla.doctor.Check;
import io.flotilla.doctor.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says why a consumer group is behind, from two looks at it. Pure; for one thread. */
final class GroupJudge {

  private final GroupDescription group;
  private final Duration apart;
  private final List<Stand> stands;

  /**
   * @param first null: one look was enough
   * @param apart how long before the second the first look was
   * @param time of the second, by the clock here
   */
  GroupJudge(
      @Nullable GroupDescription first, GroupDescription second, Duration apart, Instant time) {
    this.group = second;
    this.apart = first == null ? Duration.ZERO : apart;
    Map<TopicPartition, GroupPartitionDescription> before =
        first == null
            ? Map.of()
            : first.partitions().stream()
                .collect(
                    Collectors.toMap(GroupPartitionDescription::partition, Function.identity()));
    this.stands =
        second.partitions().stream()
            .map(now -> Stand.of(second, now, before.get(now.partition()), this.apart, time))
            .sorted(
                Comparator.comparing(Stand::standing)
                    .thenComparing(Comparator.comparing(Stand::lag).reversed())
                    .thenComparing(stand -> stand.now().partition()))
            .toList();
  }

  /** More is learned by a second look: something waits, and somebody reads. */
  static boolean wantsSecondLook(GroupDescription first) {
    return first.memberCount() + first.members().size() > 0
        && first.partitions().stream()
            .anyMatch(
                each ->
                    each.committedOffset() == null
                        || each.progress() == null
                        || each.progress().lagEvents() > 0);
  }

  GroupCase judge() {
    Map<Standing, List<Stand>> wrong =
        stands.stream()
            .filter(stand -> stand.standing().isWrong())
            .collect(Collectors.groupingBy(Stand::standing, TreeMap::new, Collectors.toList()));
    GroupChange last = group.changes().isEmpty() ? null : group.changes().get(0);
    return new GroupCase(
        group.name(),
        (wrong.isEmpty() ? Verdict.OK : Verdict.WARN).text(),
        message(wrong.isEmpty()),
        where(),
        wrong.entrySet().stream().map(each -> reason(each.getKey(), each.getValue())).toList(),
        apart.toMillis(),
        last == null ? null : last.what(),
        last == null ? null : last.time(),
        stands.stream().map(GroupJudge::row).toList());
  }

  private String message(boolean well) {
    if (stands.stream().anyMatch(GroupJudge::neverCommits)) {
      return group.name() + " has members that do not commit";
    }
    String headline = GroupText.headline(group);
    boolean said = headline.contains("catching up") || headline.contains("falling behind");
    List<Duration> catchUp = stands.stream().map(Stand::catchUp).filter(Objects::nonNull).toList();
    if (said || !well || catchUp.isEmpty()) {
      return headline;
    }
    Duration longest = catchUp.stream().max(Comparator.naturalOrder()).orElseThrow();
    return headline + ", catching up, clear in about " + GroupText.span(longest);
  }

  private static boolean neverCommits(Stand stand) {
    return stand.standing() == Standing.NOT_COMMITTING && stand.now().committedOffset() == null;
  }

  private String where() {
    Integer coordinator = group.coordinator();
    return (coordinator == null
            ? "the group's coordinator"
            : "node " + coordinator + ", which coordinates the group")
        + ", and the leaders of its partitions"
        + (apart.isZero() ? "" : ", twice, " + Text.duration(apart) + " apart");
  }

  private Reason reason(Standing standing, List<Stand> all) {
    Stand worst = all.get(0);
    String runbook = standing == Standing.FALLING_BEHIND ? Check.GROUP_LAGGING.runbook() : "";
    return new Reason(
        standing.cause(), names(all) + ": " + because(standing, worst, all), hint(worst), runbook);
  }

  private static String names(List<Stand> all) {
    return all.get(0).name()
        + (all.size() == 1 ? "" : " and " + Text.count(all.size() - 1) + " more");
  }

  private String because(Standing standing, Stand worst, List<Stand> all) {
    long events = all.stream().mapToLong(Stand::lagEvents).sum();
    String waiting =
        Text.count(events, "event")
            + (events == 1 ? " waits" : " wait")
            + " for "
            + GroupText.span(worst.lag());
    return switch (standing) {
      case UNTOLD -> "its leader cannot tell how far it is: " + worst.now().problem();
      case NO_MEMBERS -> "nobody reads: the group has no members; " + waiting;
      case OWNER_LOST ->
          owner(worst) + " has lost its connection; " + waiting + " until it is given up";
      case NOT_COMMITTING ->
          owner(worst)
              + (worst.now().committedOffset() == null
                  ? " has never committed, while events are published"
                  : " has committed nothing for " + silence(worst) + ", while " + waiting);
      case NO_OWNER ->
          (group.state() == State.REBALANCING
                  ? "on its way from one member to another; "
                  : "no member asks for this topic; ")
              + waiting;
      case FALLING_BEHIND -> falling(all) + "; " + waiting;
      case EVENTS_DELETED -> deleted(worst);
      case CATCHING_UP, NEVER_COMMITTED, KEEPING_UP, CAUGHT_UP -> waiting;
    };
  }

  private static String owner(Stand stand) {
    GroupMemberDescription owner = Objects.requireNonNull(stand.owner());
    return "its owner " + owner.memberId() + " at " + owner.host();
  }

  private static String silence(Stand stand) {
    return GroupText.span(
        Stand.silence(
            stand.now(),
            Objects.requireNonNull(stand.now().progress()),
            Objects.requireNonNull(stand.owner())));
  }

  private static String falling(List<Stand> all) {
    double growth =
        all.stream().map(Stand::growth).filter(Objects::nonNull).mapToDouble(each -> each).sum();
    long perSecond = Math.round(growth);
    return perSecond > 0
        ? "more is published than read, +" + Text.count(perSecond) + " events/s"
        : "it does not become less";
  }

  private static String deleted(Stand stand) {
    Progress progress = Objects.requireNonNull(stand.now().progress());
    return "events were deleted before they were read: "
        + Text.count(Objects.requireNonNull(stand.now().committedOffset()))
        + " was the next offset, "
        + Text.count(progress.logStartOffset())
        + " is the first that is kept";
  }

  private String hint(Stand stand) {
    String topic = stand.now().partition().topic();
    return switch (stand.standing()) {
      case UNTOLD -> "flotilla explain partition " + stand.name();
      case NO_MEMBERS ->
          "start a member, such as: flotilla subscribe "
              + topic
              + " --group "
              + group.name()
              + "; or give the group up: flotilla group delete "
              + group.name();
      case OWNER_LOST ->
          "wait for its session timeout of "
              + GroupText.span(Objects.requireNonNull(stand.owner()).sessionTimeout())
              + ": another member takes over; if there is none, start one";
      case NOT_COMMITTING ->
          "look at that member: its processing hangs, or it never commits; restart it";
      case NO_OWNER ->
          group.state() == State.REBALANCING
              ? "wait: members let go within seconds; if not: flotilla group describe "
                  + group.name()
              : "start a member that subscribes to " + topic;
      case FALLING_BEHIND ->
          group.members().size() < group.partitions().size()
              ? "start more members: there are "
                  + group.members().size()
                  + " for "
                  + Text.count(group.partitions().size(), "partition")
              : "make processing faster: each partition has its member already";
      case EVENTS_DELETED ->
          "keep events for longer: flotilla topic alter "
              + topic
              + " --set retention.time=7d; reading goes on at the first that is kept";
      case CATCHING_UP, NEVER_COMMITTED, KEEPING_UP, CAUGHT_UP -> "nothing";
    };
  }

  private static PartitionRow row(Stand stand) {
    Progress progress = stand.now().progress();
    Duration catchUp = stand.catchUp();
    return new PartitionRow(
        stand.now().partition().topic(),
        stand.now().partition().partition(),
        stand.standing().text(),
        stand.now().memberId().isEmpty() ? null : stand.now().memberId(),
        progress == null ? null : (Long) progress.lagEvents(),
        progress == null ? null : (Long) progress.lag().toMillis(),
        stand.growth(),
        catchUp == null ? null : (Long) catchUp.toMillis());
  }
}
