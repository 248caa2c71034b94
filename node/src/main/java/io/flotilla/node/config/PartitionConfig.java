package io.flotilla.node.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How this node serves partitions. Keys {@code partitions.*}.
 *
 * @param inFlightBytesMax bytes of batches proposed and not yet applied, a partition; beyond it a
 *     publish is refused with THROTTLED and a stream is held back. Default 16 MiB
 * @param nodeInFlightBytesMax the same for all partitions of the node together. Default 64 MiB
 * @param maxPerNode replicas that a node may hold; a topic that would exceed it is refused with
 *     PARTITION_LIMIT. Each costs about six threads and 2.2 MB of direct memory, which lowers the
 *     bound where -XX:MaxDirectMemorySize does not suffice. Default 1,000
 * @param scrubInterval how often the replicas of each partition that this node leads are read from
 *     log start to end, checked and compared, so that what a disk has falsified is found and
 *     rebuilt before it is needed. 0 = never. Default 7 days
 * @param scrubBytesPerSecond how fast: bytes that each replica reads, for all partitions that this
 *     node leads together. Default 8 MiB
 */
public record PartitionConfig(
    long inFlightBytesMax,
    long nodeInFlightBytesMax,
    int maxPerNode,
    Duration scrubInterval,
    long scrubBytesPerSecond) {

  private static final Duration SCRUB_INTERVAL_MIN = Duration.ofSeconds(1);
  private static final long SCRUB_RATE_MIN = 64L << 10;

  public static PartitionConfig defaults() {
    return new PartitionConfig(16L << 20, 64L << 20, 1000, Duration.ofDays(7), 8L << 20);
  }

  /** The same with another bound on replicas. */
  public PartitionConfig withMaxPerNode(int replicas) {
    return new PartitionConfig(
        inFlightBytesMax, nodeInFlightBytesMax, replicas, scrubInterval, scrubBytesPerSecond);
  }

  /** All faults at once; empty when there are none. */
  public List<String> validate() {
    List<String> faults = new ArrayList<>();
    if (inFlightBytesMax < 2L << 20) {
      faults.add("partitions.in-flight-bytes-max must be at least 2MiB");
    }
    if (nodeInFlightBytesMax < inFlightBytesMax) {
      faults.add(
          "partitions.node-in-flight-bytes-max must not be below partitions.in-flight-bytes-max");
    }
    if (maxPerNode < 1) {
      faults.add("partitions.max-per-node must be at least 1");
    }
    if (!scrubInterval.isZero() && scrubInterval.compareTo(SCRUB_INTERVAL_MIN) < 0) {
      faults.add("partitions.scrub-interval must be at least 1s, or 0s for never");
    }
    if (scrubBytesPerSecond < SCRUB_RATE_MIN) {
      faults.add("partitions.scrub-bytes-per-second must be at least 64KiB");
    }
    return faults;
  }
}
