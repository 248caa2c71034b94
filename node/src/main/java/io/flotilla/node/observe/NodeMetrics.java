package io.flotilla.node.observe;

import io.flotilla.node.disk.DiskState;
import io.flotilla.node.metrics.Metric;
import io.flotilla.node.metrics.NodeMeters;
import java.util.List;

/** The node as a whole: its cluster, its disk, damage that was found. Only registers. */
final class NodeMetrics {

  private static final Metric EXPECTED =
      Metric.gauge("flotilla_nodes_expected", "Nodes that the cluster is configured to have.");
  private static final Metric DISK_FREE =
      Metric.gauge("flotilla_disk_free_bytes", "What this node may still write.");
  private static final Metric DISK_SIZE =
      Metric.gauge("flotilla_disk_size_bytes", "The size of this node's disk.");
  private static final Metric DISK_FULL =
      Metric.gauge(
          "flotilla_disk_full",
          "1 while publishing is refused because this node's disk is full, else 0.");
  private static final Metric CORRUPT =
      Metric.counter(
          "flotilla_corrupt_reads_total", "Reads on this node that were refused with DATA_LOSS.");
  private static final Metric SCRUBBED =
      Metric.counter(
          "flotilla_scrubbed_bytes_total",
          "Bytes that each replica of the partitions led here has read in search of damage.");
  private static final Metric SCRUB_DAMAGED =
      Metric.counter(
          "flotilla_scrub_damaged_replicas_total",
          "Damaged replicas, on any node, of the partitions led here: as often as found.");

  static final List<Metric> METRICS =
      List.of(EXPECTED, DISK_FREE, DISK_SIZE, DISK_FULL, CORRUPT, SCRUBBED, SCRUB_DAMAGED);

  private NodeMetrics() {}

  static void register(NodeMeters meters, Observed of) {
    meters.gauge(EXPECTED, () -> of.config().nodes().size());
    meters.gauge(DISK_FREE, () -> of.disk().get().freeBytes());
    meters.gauge(DISK_SIZE, () -> of.disk().get().totalBytes());
    meters.gauge(DISK_FULL, () -> of.disk().get().state() == DiskState.FULL ? 1 : 0);
    meters.counter(CORRUPT, of.partitions()::corruptReads);
    meters.counter(SCRUBBED, of.scrubber()::scrubbedBytes);
    meters.counter(SCRUB_DAMAGED, of.scrubber()::damagedReplicas);
  }
}
