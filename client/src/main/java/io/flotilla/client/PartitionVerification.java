package io.flotilla.client;

import java.util.List;

/**
 * The result of comparing all replicas of a partition.
 *
 * @param topic the topic's name
 * @param partition the partition
 * @param fromOffset where the comparison began: the log start
 * @param endOffset where it ended; everything between was compared byte by byte
 * @param replicas one for each replica that there should be, by node
 */
public record PartitionVerification(
    String topic,
    int partition,
    long fromOffset,
    long endOffset,
    List<ReplicaVerification> replicas) {

  /** Every replica answered, and holds the same to the end. */
  public boolean equal() {
    return replicas.stream()
        .allMatch(replica -> replica.verdict() == ReplicaVerification.Verdict.EQUAL);
  }

  /** How far a verification is. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Runs in the calling thread, about twice a second.
     *
     * @param fromOffset where it began
     * @param reachedOffset everything below is compared
     * @param endOffset where it will end
     */
    void reached(long fromOffset, long reachedOffset, long endOffset);
  }
}
