package io.flotilla.cluster.sabotage;

/**
 * A broken promise each: a node that was made so must be found out by the campaign, or the campaign
 * proves nothing.
 */
public enum Mutant {
  /** What Raft has confirmed is not on the disk. */
  NO_SYNC,
  /** Publishing is acknowledged when it has been proposed, not when it is committed. */
  ACK_BEFORE_COMMIT,
  /** Which batches a producer has written is forgotten when a node starts. */
  DUPLICATES_FORGOTTEN,
  /** A commit is accepted from a member whose partition went to another. */
  NO_GENERATION_CHECK,
  /** Each replica stamps an event by its own clock. */
  APPLY_DIFFERS,
  /** Where a log ends is answered from what was known up to a second ago. */
  STALE_END
}
