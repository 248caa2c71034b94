package io.flotilla.client;

/**
 * One replica of a partition, as its node sees it.
 *
 * @param topic the topic's name
 * @param partition the partition
 * @param nodeId the node that holds it
 * @param role its Raft role
 * @param term its Raft term
 * @param logStartOffset the first offset it keeps
 * @param highWatermark the first offset it cannot read yet
 * @param lagEvents how many events it is behind the leader
 * @param appliedIndex the Raft index it has applied
 */
public record ReplicaDescription(
    String topic,
    int partition,
    int nodeId,
    Role role,
    long term,
    long logStartOffset,
    long highWatermark,
    long lagEvents,
    long appliedIndex) {

  /** What a replica is in its Raft group. */
  public enum Role {
    /** Its node does not answer, or has not opened it yet. */
    UNKNOWN,
    /** It leads. */
    LEADER,
    /** It follows. */
    FOLLOWER,
    /** It asks to be elected. */
    CANDIDATE,
    /** It is being rebuilt on a new or damaged disk, and has no vote until it has caught up. */
    JOINING,
    /** What it had stored turned out to be wrong: it serves no reader and is being rebuilt. */
    DAMAGED
  }
}
