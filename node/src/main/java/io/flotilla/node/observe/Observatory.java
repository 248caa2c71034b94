package io.flotilla.node.observe;

import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.metrics.Latency;
import io.flotilla.node.metrics.Metric;
import io.flotilla.node.metrics.NodeMeters;
import io.flotilla.node.metrics.RequestMeters;
import io.flotilla.node.metrics.TrafficMeters;
import java.util.List;
import java.util.stream.Stream;

/**
 * The one place where a node's metrics are registered. What is counted as it happens ({@link
 * TrafficMeters}, {@link RequestMeters}) is made before the node's parts; all else is read from
 * them when somebody reads. Safe.
 */
public final class Observatory implements AutoCloseable {

  /** All metrics of Flotilla's own on {@code /metrics}, part by part. */
  public static final List<Metric> METRICS =
      Stream.of(
              NodeMetrics.METRICS,
              ReplicaMetrics.METRICS,
              TrafficMeters.METRICS,
              RequestMeters.METRICS,
              GroupMetrics.METRICS,
              RaftMetrics.METRICS,
              StoreMetrics.METRICS)
          .flatMap(List::stream)
          .toList();

  /** Those of single partitions, on {@code /metrics/partitions}. */
  public static final List<Metric> PARTITION_METRICS = PartitionSeries.METRICS;

  private final RaftMetrics raft;
  private final PartitionSeries partitions;

  public Observatory(NodeMeters meters, TrafficMeters traffic, Observed of) {
    meters.process();
    NodeMetrics.register(meters, of);
    ReplicaMetrics.register(meters, of);
    StoreMetrics.register(meters, of.store());
    raft = new RaftMetrics(meters, of.leaderChanges());
    partitions = new PartitionSeries(of);
    var unused =
        new GroupMetrics(
            meters,
            of.config().metrics().groupsMax(),
            new LagLook(of.partitions()::partitions, System::nanoTime),
            of.coordinators()::led,
            System::currentTimeMillis);
    meters.beforeRead(
        () ->
            traffic.refresh(
                id -> {
                  TopicInfo topic = of.images().get().topic(id);
                  return topic == null ? null : topic.name();
                }));
  }

  /** Where standstills of consumer groups are told. */
  public static Latency standstills(NodeMeters meters) {
    return meters.latency(GroupMetrics.STANDSTILL);
  }

  /** The partitions of a topic, or of all if it is empty, one by one, in Prometheus' format. */
  public String partitions(String topic) {
    return partitions.text(topic);
  }

  @Override
  public void close() {
    raft.close();
  }
}
