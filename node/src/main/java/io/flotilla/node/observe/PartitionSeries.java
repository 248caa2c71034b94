package io.flotilla.node.observe;

import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.metrics.Metric;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.raft.Replica;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The replicas on this node one by one, six series each, as {@code /metrics/partitions}: for who
 * asks for them. Written straight, so that a thousand partitions leave nothing behind. Safe.
 */
final class PartitionSeries {

  private record Row(String topic, Partition partition, Replica replica) {}

  private record Column(Metric metric, ToLongFunction<Row> value) {}

  private static final List<Column> COLUMNS =
      List.of(
          column(
              "flotilla_partition_log_start_offset",
              "The first offset that is kept.",
              row -> row.partition.logStartOffset()),
          column(
              "flotilla_partition_end_offset",
              "The first offset that cannot be read here yet.",
              row -> row.partition.highWatermark()),
          column(
              "flotilla_partition_leading",
              "1 where this node leads it, else 0.",
              row -> row.partition.leads() ? 1 : 0),
          column(
              "flotilla_partition_term",
              "The term of its Raft group.",
              row -> row.replica.status().term()),
          column(
              "flotilla_partition_apply_lag_entries",
              "Entries of its group that are committed and not yet applied here.",
              row -> row.replica.behindEntries()),
          column(
              "flotilla_partition_in_flight_bytes",
              "Bytes that its leader has taken and not yet acknowledged.",
              row -> row.partition.inFlightBytes()));

  static final List<Metric> METRICS = COLUMNS.stream().map(Column::metric).toList();

  private final Observed of;

  PartitionSeries(Observed of) {
    this.of = of;
  }

  private static Column column(String name, String help, ToLongFunction<Row> value) {
    return new Column(Metric.gauge(name, help, "topic", "partition"), value);
  }

  /**
   * In Prometheus' text format.
   *
   * @param topic the partitions of this one; empty = all
   */
  String text(String topic) {
    List<Row> rows =
        of.partitions().partitions().stream()
            .sorted(Comparator.comparing(Partition::id))
            .map(this::row)
            .filter(row -> row != null && (topic.isEmpty() || row.topic.equals(topic)))
            .toList();
    StringBuilder text = new StringBuilder();
    for (Column column : COLUMNS) {
      String name = column.metric.name();
      text.append("# HELP %s %s\n# TYPE %s gauge\n".formatted(name, column.metric.help(), name));
      for (Row row : rows) {
        text.append(name)
            .append("{node=\"")
            .append(of.config().id())
            .append("\",topic=\"")
            .append(row.topic)
            .append("\",partition=\"")
            .append(row.partition.id().partition())
            .append("\"} ")
            .append(column.value.applyAsLong(row))
            .append('\n');
      }
    }
    return text.toString();
  }

  private @Nullable Row row(Partition partition) {
    MetadataImage image = of.images().get();
    TopicInfo topic = image.topic(partition.id().topicId());
    if (topic == null) {
      return null; // Deleted, and about to be closed.
    }
    GroupInfo group = image.group(topic, partition.id().partition());
    Replica replica = group == null ? null : of.raft().replica(group.group());
    return replica == null ? null : new Row(topic.name(), partition, replica);
  }
}
