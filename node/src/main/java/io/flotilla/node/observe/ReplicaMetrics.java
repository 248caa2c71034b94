package io.flotilla.node.observe;

import com.google.common.base.Suppliers;
import io.flotilla.node.metrics.Metric;
import io.flotilla.node.metrics.NodeMeters;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The replicas of partitions on this node, all together. Only registers. */
final class ReplicaMetrics {

  private static final Metric REPLICAS =
      Metric.gauge("flotilla_replicas", "Replicas on this node.");
  private static final Metric LEADING =
      Metric.gauge("flotilla_replicas_leading", "Replicas on this node that lead.");
  private static final Metric DAMAGED =
      Metric.gauge(
          "flotilla_replicas_damaged",
          "Replicas on this node whose events turned out to be wrong and that are being rebuilt.");
  private static final Metric REBUILDING =
      Metric.gauge(
          "flotilla_replicas_rebuilding",
          "Replicas on this node, on a new or damaged disk, that have no vote until rebuilt.");
  private static final Metric LEADERLESS =
      Metric.gauge(
          "flotilla_partitions_leaderless",
          "Partitions with a replica on this node that knows of no leader: each of its replicas"
              + " says so, so take the largest of all nodes.");
  private static final Metric UNDERREPLICATED =
      Metric.gauge(
          "flotilla_partitions_underreplicated",
          "Partitions led here of which a replica is missing, silent for two seconds, or more than"
              + " 16 entries behind.");
  private static final Metric IN_FLIGHT =
      Metric.gauge(
          "flotilla_partitions_in_flight_bytes",
          "Bytes of batches that leaders here have taken and not yet acknowledged.");
  private static final Metric GROUPS =
      Metric.gauge("flotilla_raft_groups", "Raft groups with a replica on this node.");
  private static final Metric APPLY_LAG =
      Metric.gauge(
          "flotilla_raft_apply_lag_entries",
          "Entries that are committed and not yet applied here, of the group that is furthest"
              + " behind.");
  private static final Metric FOLLOWER_ENTRIES =
      Metric.gauge(
          "flotilla_raft_follower_lag_entries",
          "Entries that the slowest follower of a group led here has not confirmed.");
  private static final Metric FOLLOWER_SECONDS =
      Metric.gauge(
          "flotilla_raft_follower_lag_seconds",
          "How long ago that follower of a group led here, which has been behind or silent for"
              + " longest, was last seen with nearly everything; 0 when all have it. Looked at"
              + " when this is read.");

  static final List<Metric> METRICS =
      List.of(
          REPLICAS,
          LEADING,
          DAMAGED,
          REBUILDING,
          LEADERLESS,
          UNDERREPLICATED,
          IN_FLIGHT,
          GROUPS,
          APPLY_LAG,
          FOLLOWER_ENTRIES,
          FOLLOWER_SECONDS);

  private ReplicaMetrics() {}

  static void register(NodeMeters meters, Observed of) {
    ReplicaLook look = new ReplicaLook(of, System::nanoTime);
    Supplier<ReplicaLook.Numbers> now =
        Suppliers.memoizeWithExpiration(look::numbers, 1, TimeUnit.SECONDS);
    meters.gauge(REPLICAS, () -> now.get().replicas());
    meters.gauge(LEADING, () -> now.get().leading());
    meters.gauge(DAMAGED, () -> now.get().damaged());
    meters.gauge(REBUILDING, () -> now.get().rebuilding());
    meters.gauge(LEADERLESS, () -> now.get().leaderless());
    meters.gauge(UNDERREPLICATED, () -> now.get().underreplicated());
    meters.gauge(IN_FLIGHT, of.partitions()::inFlightBytes);
    meters.gauge(GROUPS, () -> of.raft().groups().size());
    meters.gauge(APPLY_LAG, () -> now.get().applyLag());
    meters.gauge(FOLLOWER_ENTRIES, () -> now.get().followerEntries());
    meters.gauge(FOLLOWER_SECONDS, () -> now.get().followerSeconds());
  }
}
