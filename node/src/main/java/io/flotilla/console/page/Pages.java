package io.flotilla.console.page;

import io.flotilla.client.ReplicaDescription;
import io.flotilla.console.watch.Happening;
import io.flotilla.console.watch.Health;
import io.flotilla.console.watch.PartitionNow;
import io.flotilla.console.watch.Point;
import io.flotilla.console.watch.Sample;
import io.flotilla.console.watch.TopicNow;
import io.flotilla.console.watch.Watch;
import io.flotilla.console.web.Params;
import io.flotilla.console.web.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What each page shows, as records that become JSON: made of one sample, cut to a page, so that
 * none grows with the cluster. Safe.
 */
public final class Pages {

  private static final int SHORT = 5;
  private static final int HAPPENINGS = 10;

  private final Watch watch;

  public Pages(Watch watch) {
    this.watch = watch;
  }

  /** All that the front page shows. */
  record Overview(
      Health health,
      DoctorPage.Sum doctor,
      long atMs,
      String cluster,
      int topics,
      int partitions,
      int groups,
      List<NodeRow> nodes,
      List<TopicRow> busiest,
      List<GroupRow> worst,
      List<Point> history,
      List<Happening> happenings) {}

  /** A page of topics. */
  record Topics(Paging<TopicRow> list, int all) {}

  /** A page of groups. */
  record Groups(Paging<GroupRow> list, int all) {}

  /** The nodes, and what happened to them. */
  record Nodes(
      List<NodeRow> nodes,
      int metadataLeader,
      long metadataTerm,
      long revision,
      List<ReplicaSum> replicas,
      List<Happening> happenings) {}

  /** One replica of a partition. */
  record ReplicaRow(int node, String role, long term, long end, long lag, long applied) {}

  /** One partition of a topic. */
  record PartitionRow(
      int partition,
      int leader,
      long term,
      long start,
      long end,
      double perSecond,
      List<ReplicaRow> replicas) {}

  /** A topic, with a page of its partitions. */
  record Topic(
      TopicRow topic,
      String id,
      long createdMs,
      Paging<PartitionRow> partitions,
      Map<String, Object> settings,
      Map<String, Object> own) {}

  /** Tells a page of a name, or refuses. */
  public Object page(String name, Params params) throws InterruptedException {
    Sample sample = watch.now();
    return switch (name) {
      case "overview" -> overview(sample);
      case "topics" -> topics(sample, params);
      case "topic" -> topic(sample, params);
      case "groups" -> groups(params);
      case "group" -> GroupPage.of(watch.group(params.required("name")), params);
      case "nodes" -> nodes(sample);
      case "doctor" -> DoctorPage.of(sample, watch);
      default -> throw Refusal.notFound("there is no page " + name);
    };
  }

  private Overview overview(Sample sample) {
    List<TopicRow> busiest =
        sample.topics().values().stream()
            .map(TopicRow::of)
            .sorted(
                Comparator.comparingDouble(TopicRow::perSecond)
                    .thenComparingLong(TopicRow::events)
                    .reversed())
            .limit(SHORT)
            .toList();
    List<GroupRow> groups = GroupRow.all(watch);
    return new Overview(
        Health.of(sample),
        DoctorPage.sum(sample, watch),
        sample.atMs(),
        sample.cluster().clusterId(),
        sample.cluster().topicCount(),
        sample.cluster().partitionCount(),
        groups.size(),
        NodeRow.all(sample),
        busiest,
        groups.stream().sorted(GroupRow.WORST).limit(SHORT).toList(),
        watch.history(),
        watch.happenings(HAPPENINGS));
  }

  private static Topics topics(Sample sample, Params params) {
    String search = params.text("search", "").toLowerCase(Locale.ROOT);
    List<TopicRow> rows =
        new ArrayList<>(
            sample.topics().values().stream()
                .filter(topic -> topic.name().toLowerCase(Locale.ROOT).contains(search))
                .map(TopicRow::of)
                .toList());
    switch (params.text("sort", "name")) {
      case "name" -> rows.sort(Comparator.comparing(TopicRow::name));
      case "rate" -> rows.sort(Comparator.comparingDouble(TopicRow::perSecond).reversed());
      case "events" -> rows.sort(Comparator.comparingLong(TopicRow::events).reversed());
      case "partitions" -> rows.sort(Comparator.comparingInt(TopicRow::partitions).reversed());
      default -> throw Refusal.badRequest("sort is name, rate, events or partitions");
    }
    return new Topics(Paging.of(rows, params), sample.topics().size());
  }

  private Topic topic(Sample sample, Params params) throws InterruptedException {
    String name = params.required("name");
    TopicNow topic = sample.topics().get(name);
    if (topic == null) {
      topic = watch.anew().topics().get(name);
    }
    if (topic == null) {
      throw Refusal.notFound("there is no topic \"" + name + "\"");
    }
    return new Topic(
        TopicRow.of(topic),
        String.valueOf(topic.description().topicId()),
        topic.description().created().toEpochMilli(),
        Paging.of(topic.partitions().stream().map(Pages::partition).toList(), params),
        SettingValues.of(topic.description().settings()),
        SettingValues.of(topic.description().ownSettings()));
  }

  private static PartitionRow partition(PartitionNow partition) {
    ReplicaDescription leader = partition.leader();
    return new PartitionRow(
        partition.partition(),
        partition.leaderNode(),
        leader == null ? 0 : leader.term(),
        partition.start(),
        partition.end(),
        partition.perSecond(),
        partition.replicas().stream().map(Pages::replica).toList());
  }

  private static ReplicaRow replica(ReplicaDescription replica) {
    return new ReplicaRow(
        replica.nodeId(),
        replica.role().name().toLowerCase(Locale.ROOT),
        replica.term(),
        replica.highWatermark(),
        replica.lagEvents(),
        replica.appliedIndex());
  }

  private Groups groups(Params params) {
    String search = params.text("search", "").toLowerCase(Locale.ROOT);
    List<GroupRow> rows =
        new ArrayList<>(
            GroupRow.all(watch).stream()
                .filter(group -> group.name().toLowerCase(Locale.ROOT).contains(search))
                .toList());
    switch (params.text("sort", "lag")) {
      case "lag" -> rows.sort(GroupRow.WORST);
      case "name" -> rows.sort(Comparator.comparing(GroupRow::name));
      case "members" -> rows.sort(Comparator.comparingInt(GroupRow::members).reversed());
      default -> throw Refusal.badRequest("sort is lag, name or members");
    }
    return new Groups(Paging.of(rows, params), watch.groups().size());
  }

  private Nodes nodes(Sample sample) {
    return new Nodes(
        NodeRow.all(sample),
        sample.cluster().metadataLeader(),
        sample.cluster().metadataTerm(),
        sample.cluster().revision(),
        ReplicaSum.all(sample),
        watch.happenings(Integer.MAX_VALUE));
  }
}
