package io.flotilla.cli.top;

import io.flotilla.cli.top.TopSample.GroupRow;
import io.flotilla.cli.top.TopSample.NodeRow;
import io.flotilla.cli.top.TopSample.TopicRow;
import io.flotilla.client.Admin;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupPartitionDescription;
import io.flotilla.client.GroupPartitionDescription.Progress;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.NodeDescription.DiskState;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaDescription.Role;
import io.flotilla.client.TopicPartition;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes samples through the public interface: one picture of the cluster with its replicas, whose
 * ends tell by how much partitions grew, and a few groups in turn, so that the cost of a sample
 * does not rise with their number. Confined to the command's thread.
 */
final class Sampler {

  /** Groups that are described for a sample; each is a call. */
  static final int GROUPS_A_SAMPLE = 20;

  /** A picture of a cluster names no more replicas. */
  private static final int REPLICAS_TOLD_MAX = 10_000;

  private static final int ROWS = 10;

  private final Admin admin;
  private final Map<String, GroupRow> groups = new TreeMap<>();
  private Map<TopicPartition, Long> endsBefore = Map.of();
  private long takenBefore;
  private int nextGroup;

  Sampler(Admin admin) {
    this.admin = admin;
  }

  TopSample take() {
    ClusterDescription cluster = admin.describeCluster(true);
    long now = System.nanoTime();
    Growth growth = growth(cluster, now);
    int asked = askGroups();
    return new TopSample(
        Instant.now(),
        cluster.clusterId(),
        cluster.nodes().stream().map(node -> node(node, cluster, growth)).toList(),
        topics(cluster.replicas(), growth),
        cluster.topicCount(),
        cluster.replicas().size() >= REPLICAS_TOLD_MAX,
        groups.values().stream()
            .sorted(
                Comparator.comparingLong(GroupRow::lagMs)
                    .thenComparingLong(GroupRow::lagEvents)
                    .reversed())
            .limit(ROWS)
            .toList(),
        groups.size(),
        asked);
  }

  /** Events a second by partition; null: there is nothing yet to compare with. */
  private record Growth(@Nullable Map<TopicPartition, Double> perSecond) {

    @Nullable Double of(Collection<TopicPartition> partitions) {
      Map<TopicPartition, Double> known = perSecond;
      return known == null
          ? null
          : (Double) partitions.stream().mapToDouble(each -> known.getOrDefault(each, 0.0)).sum();
    }
  }

  private Growth growth(ClusterDescription cluster, long now) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (ReplicaDescription replica : cluster.replicas()) {
      ends.merge(place(replica), replica.highWatermark(), Math::max);
    }
    Map<TopicPartition, Double> perSecond = new HashMap<>();
    double seconds = (now - takenBefore) / 1e9;
    ends.forEach(
        (partition, end) -> {
          // One that is new began at 0; one whose leader is silent seems to shrink, and does not.
          long before = endsBefore.getOrDefault(partition, 0L);
          perSecond.put(partition, Math.max(0, end - before) / seconds);
        });
    boolean first = takenBefore == 0;
    endsBefore = ends;
    takenBefore = now;
    return new Growth(first ? null : perSecond);
  }

  private static TopicPartition place(ReplicaDescription replica) {
    return new TopicPartition(replica.topic(), replica.partition());
  }

  private static NodeRow node(NodeDescription node, ClusterDescription cluster, Growth growth) {
    List<ReplicaDescription> own =
        cluster.replicas().stream().filter(each -> each.nodeId() == node.nodeId()).toList();
    List<TopicPartition> led =
        own.stream().filter(each -> each.role() == Role.LEADER).map(Sampler::place).toList();
    String host = node.host().indexOf(':') >= 0 ? "[" + node.host() + "]" : node.host();
    return new NodeRow(
        node.nodeId(),
        host + ":" + node.port(),
        node.state().name().toLowerCase(Locale.ROOT),
        node.leaderCount(),
        node.replicaCount(),
        growth.of(led),
        own.stream().mapToLong(ReplicaDescription::lagEvents).sum(),
        node.diskState() == DiskState.UNKNOWN ? null : (Long) node.diskFreeBytes());
  }

  private static List<TopicRow> topics(List<ReplicaDescription> replicas, Growth growth) {
    Map<String, Map<TopicPartition, Long>> byTopic = new TreeMap<>();
    for (ReplicaDescription replica : replicas) {
      byTopic
          .computeIfAbsent(replica.topic(), topic -> new HashMap<>())
          .merge(place(replica), replica.highWatermark() - replica.logStartOffset(), Math::max);
    }
    List<TopicRow> rows = new ArrayList<>();
    byTopic.forEach(
        (topic, kept) ->
            rows.add(
                new TopicRow(
                    topic,
                    kept.size(),
                    kept.values().stream().mapToLong(Long::longValue).sum(),
                    growth.of(kept.keySet()))));
    rows.sort(
        Comparator.comparingDouble(Sampler::rate).thenComparingLong(TopicRow::events).reversed());
    return rows.subList(0, Math.min(ROWS, rows.size()));
  }

  private static double rate(TopicRow row) {
    Double rate = row.publishedPerSecond();
    return rate == null ? 0 : rate;
  }

  /** Describes the next few groups; how many. */
  private int askGroups() {
    List<GroupDescription> all = admin.listGroups();
    groups.keySet().retainAll(all.stream().map(GroupDescription::name).toList());
    int count = Math.min(GROUPS_A_SAMPLE, all.size());
    for (int i = 0; i < count; i++) {
      String name = all.get((nextGroup + i) % all.size()).name();
      try {
        groups.put(name, group(admin.describeGroup(name)));
      } catch (FlotillaClientException e) {
        if (e.reason() != ErrorReason.ERROR_REASON_GROUP_NOT_FOUND) {
          throw e;
        }
        groups.remove(name); // Deleted since it was listed.
      }
    }
    nextGroup = all.isEmpty() ? 0 : (nextGroup + count) % all.size();
    return count;
  }

  private static GroupRow group(GroupDescription group) {
    List<Progress> known =
        group.partitions().stream()
            .map(GroupPartitionDescription::progress)
            .filter(Objects::nonNull)
            .toList();
    return new GroupRow(
        group.name(),
        group.state().name().toLowerCase(Locale.ROOT),
        group.members().size(),
        known.stream().mapToLong(Progress::lagEvents).sum(),
        known.stream().mapToLong(each -> each.lag().toMillis()).max().orElse(0),
        known.stream().mapToDouble(Progress::consumedPerSecond).sum(),
        known.stream().anyMatch(Progress::fallingBehind));
  }
}
