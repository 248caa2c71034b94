package io.flotilla.node.observe;

import io.flotilla.node.metrics.Latency;
import io.flotilla.node.metrics.Metric;
import io.flotilla.node.metrics.NodeMeters;
import io.flotilla.node.raft.RatisMetrics;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * What an operator needs of Raft: elections, leaders, how long its log takes to reach the disk. All
 * else that Ratis counts stays where it is. Safe; close it, since Ratis' metrics are the process's.
 */
final class RaftMetrics implements AutoCloseable {

  private static final Metric ELECTIONS =
      Metric.counter(
          "flotilla_raft_elections_total", "Elections that replicas here stood in, won or not.");
  private static final Metric LEADERSHIPS =
      Metric.counter(
          "flotilla_raft_leader_changes_total",
          "Times that a replica here became the leader of its group; the sum over all nodes is that"
              + " of all changes.");
  private static final Metric MOST_CHANGES =
      Metric.gauge(
          "flotilla_raft_group_leader_changes",
          "Changes of leader within the last ten minutes, of that group with a replica here which"
              + " had most.");
  private static final Metric SYNC =
      Metric.seconds(
          "flotilla_log_sync_seconds",
          "How long it took to have the Raft log on disk (fdatasync), each time, of all groups.");

  static final List<Metric> METRICS = List.of(ELECTIONS, LEADERSHIPS, MOST_CHANGES, SYNC);

  private static final String SYNC_TIME = "log_worker.sync_time";

  private final Consumer<RatisMetrics.Metric> listener = this::known;
  private final LongConsumer sync;

  RaftMetrics(NodeMeters meters, LeaderChanges changes) {
    Latency latency = meters.latency(SYNC);
    sync = nanos -> latency.record(nanos, TimeUnit.NANOSECONDS);
    meters.counter(ELECTIONS, RatisMetrics::elections);
    meters.counter(LEADERSHIPS, changes::takenHere);
    meters.gauge(MOST_CHANGES, changes::most);
    RatisMetrics.listen(listener);
  }

  private void known(RatisMetrics.Metric metric) {
    if (metric.name().equals(SYNC_TIME)) {
      metric.watchers().add(sync);
    }
  }

  @Override
  public void close() {
    RatisMetrics.forget(listener);
    RatisMetrics.unwatch(sync);
  }
}
