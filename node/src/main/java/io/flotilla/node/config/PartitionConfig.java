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
 * @param maxPerNode replicas of partitions that a node may hold; a topic that would exceed it is
 *     refused with PARTITION_LIMIT. Default 5,000
 * @param groupsPerNode Raft groups that a node is to hold. A partition has a group of its own as
 *     long as that is kept; beyond it the partitions of a topic share the groups that are left, at
 *     least one for each node to lead. A group costs about six threads, and a thousandth of a core
 *     even when it is idle. 0 = 16 for each processor. Default 0
 * @param groupsMax Raft groups that a node may hold, whatever was to be; a topic that would exceed
 *     it is refused with PARTITION_LIMIT. Each takes 2.2 MB of direct memory, which lowers the
 *     bound where -XX:MaxDirectMemorySize does not suffice. Default 1,000
 * @param tailCacheBytes newest batches of partitions whose end is being read, kept in the heap and
 *     shared by all readers, for all partitions of the node together. 0 = a sixteenth of the heap.
 *     Default 0
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
    int groupsPerNode,
    int groupsMax,
    long tailCacheBytes,
    Duration scrubInterval,
    long scrubBytesPerSecond) {

  private static final Duration SCRUB_INTERVAL_MIN = Duration.ofSeconds(1);
  private static final int GROUPS_PER_PROCESSOR = 16;
  private static final int TAIL_CACHE_HEAP_SHARE = 16;
  private static final long SCRUB_RATE_MIN = 64L << 10;

  public static PartitionConfig defaults() {
    return new PartitionConfig(
        16L << 20, 64L << 20, 5000, 0, 1000, 0, Duration.ofDays(7), 8L << 20);
  }

  /**
   * The same for a machine.
   *
   * @param most groups that its memory allows
   */
  PartitionConfig on(MemoryPlan.Machine machine, int most) {
    int budget = groupsPerNode == 0 ? GROUPS_PER_PROCESSOR * machine.processors() : groupsPerNode;
    return new PartitionConfig(
        inFlightBytesMax,
        nodeInFlightBytesMax,
        maxPerNode,
        Math.min(budget, most),
        Math.min(groupsMax, most),
        tailCacheBytes == 0 ? machine.heapBytes() / TAIL_CACHE_HEAP_SHARE : tailCacheBytes,
        scrubInterval,
        scrubBytesPerSecond);
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
    if (groupsPerNode < 0) {
      faults.add("partitions.groups-per-node must not be negative; 0 = by the processors");
    }
    if (groupsMax < 1) {
      faults.add("partitions.groups-max must be at least 1");
    }
    if (tailCacheBytes < 0) {
      faults.add("partitions.tail-cache must not be negative; 0 = by the heap");
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
