package io.flotilla.node.config;

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
 */
public record PartitionConfig(long inFlightBytesMax, long nodeInFlightBytesMax, int maxPerNode) {

  public static PartitionConfig defaults() {
    return new PartitionConfig(16L << 20, 64L << 20, 1000);
  }

  /** The same with another bound on replicas. */
  public PartitionConfig withMaxPerNode(int replicas) {
    return new PartitionConfig(inFlightBytesMax, nodeInFlightBytesMax, replicas);
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
    return faults;
  }
}
