package io.flotilla.console.page;

import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupMemberDescription;
import io.flotilla.client.GroupPartitionDescription;
import io.flotilla.client.GroupPartitionDescription.Progress;
import io.flotilla.console.watch.GroupLook;
import io.flotilla.console.web.Params;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A group: how far it is on the whole, in each partition, and who has what. */
record GroupPage(
    String name,
    String state,
    String generation,
    String assignor,
    int coordinator,
    long atMs,
    long lagEvents,
    long lagMs,
    double consumed,
    double published,
    boolean fallingBehind,
    long catchUpMs,
    List<String> topics,
    Paging<PartitionRow> partitions,
    List<MemberRow> members,
    int memberCount,
    List<Change> changes) {

  private static final int MEMBERS_MAX = 100;
  private static final int CHANGES_MAX = 20;

  /** How far it is in a partition. */
  record PartitionRow(
      String topic,
      int partition,
      String member,
      String client,
      @Nullable Long committed,
      @Nullable Long end,
      @Nullable Long lagEvents,
      @Nullable Long lagMs,
      @Nullable Double consumed,
      @Nullable Long oldestMs,
      @Nullable String problem) {}

  /** A member. */
  record MemberRow(
      String id,
      String client,
      String host,
      int node,
      long joinedMs,
      int partitions,
      int revoking,
      long lagEvents) {}

  /** Something that happened to it. */
  record Change(String generation, long atMs, String what) {}

  static GroupPage of(GroupLook look, Params params) {
    GroupDescription group = look.group();
    Map<String, String> clients = new HashMap<>();
    Map<String, Long> lags = new HashMap<>();
    group.members().forEach(each -> clients.put(each.memberId(), label(each)));
    List<PartitionRow> rows = new ArrayList<>();
    for (GroupPartitionDescription each : group.partitions()) {
      PartitionRow row = row(each, clients);
      rows.add(row);
      lags.merge(each.memberId(), row.lagEvents == null ? 0 : row.lagEvents, Long::sum);
    }
    rows.sort(
        Comparator.<PartitionRow>comparingLong(
                row -> row.lagMs == null ? Long.MAX_VALUE : row.lagMs)
            .reversed()
            .thenComparing(row -> row.topic)
            .thenComparingInt(row -> row.partition));
    TreeSet<String> topics = new TreeSet<>();
    rows.forEach(row -> topics.add(row.topic));
    Integer coordinator = group.coordinator();
    return new GroupPage(
        group.name(),
        group.state().name().toLowerCase(Locale.ROOT),
        String.valueOf(group.generation()),
        group.assignor().name().toLowerCase(Locale.ROOT),
        coordinator == null ? 0 : coordinator,
        look.atMs(),
        look.lagEvents(),
        look.lagMs(),
        look.consumed(),
        look.published(),
        look.fallingBehind(),
        look.catchUpMs(),
        List.copyOf(topics),
        Paging.of(rows, params),
        group.members().stream().limit(MEMBERS_MAX).map(each -> member(each, lags)).toList(),
        group.memberCount(),
        group.changes().stream()
            .limit(CHANGES_MAX)
            .map(
                each ->
                    new Change(
                        String.valueOf(each.generation()), each.time().toEpochMilli(), each.what()))
            .toList());
  }

  private static String label(GroupMemberDescription member) {
    return member.clientId().isEmpty() ? member.host() : member.clientId();
  }

  private static PartitionRow row(GroupPartitionDescription each, Map<String, String> clients) {
    Progress progress = each.progress();
    String client = clients.getOrDefault(each.memberId(), "");
    if (progress == null) {
      return new PartitionRow(
          each.partition().topic(),
          each.partition().partition(),
          each.memberId(),
          client,
          each.committedOffset(),
          null,
          null,
          null,
          null,
          null,
          each.problem());
    }
    var oldest = progress.oldestUnprocessed();
    return new PartitionRow(
        each.partition().topic(),
        each.partition().partition(),
        each.memberId(),
        client,
        each.committedOffset(),
        progress.endOffset(),
        progress.lagEvents(),
        progress.lag().toMillis(),
        progress.consumedPerSecond(),
        oldest == null ? null : oldest.toEpochMilli(),
        null);
  }

  private static MemberRow member(GroupMemberDescription each, Map<String, Long> lags) {
    Integer node = each.node();
    return new MemberRow(
        each.memberId(),
        each.clientId(),
        each.host(),
        node == null ? 0 : node,
        each.joined().toEpochMilli(),
        each.partitions().size(),
        each.revoking().size(),
        lags.getOrDefault(each.memberId(), 0L));
  }
}
