package io.flotilla.node.model;

/**
 * A partition of one topic incarnation, in eight bytes: the topic's number (never used again) and
 * the partition's.
 */
public record PartitionId(int topicId, int partition) implements Comparable<PartitionId> {

  public PartitionId {
    if (topicId < 1 || partition < 0) {
      throw new IllegalArgumentException("partition id " + topicId + "/" + partition);
    }
  }

  /** The eight bytes as a number; ordered as the pair is. */
  public long toLong() {
    return ((long) topicId << 32) | partition;
  }

  public static PartitionId of(long bytes) {
    return new PartitionId((int) (bytes >>> 32), (int) bytes);
  }

  @Override
  public int compareTo(PartitionId other) {
    return Long.compare(toLong(), other.toLong());
  }

  @Override
  public String toString() {
    return "t" + topicId + "-" + partition;
  }
}
