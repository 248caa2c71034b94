package io.flotilla.cluster.check;

/** A promise that was broken, with the facts that show it. */
public record Violation(Invariant invariant, String facts) {

  /** The promises, by their usual short names. */
  public enum Invariant {
    /** W1: an acknowledged event is on every replica, at its offset, with its value. */
    ACKNOWLEDGED_IS_KEPT,
    /** W2: a write that definitely failed appears nowhere. */
    FAILED_IS_ABSENT,
    /** W3: every event that is seen was written, with these very bytes. */
    NO_PHANTOM,
    /** W4: what was once read stays. */
    READ_IS_KEPT,
    /** W5: what was acknowledged before another write began comes before it. */
    REAL_TIME_ORDER,
    /** O1: a place holds one value, whoever tells. */
    ONE_VALUE_PER_OFFSET,
    /** O2: a writer's events stand in the order of its calls. */
    WRITER_ORDER,
    /** O3: a reader sees rising offsets without a gap. */
    READER_ORDER,
    /** O6: replicas hold the same events. */
    REPLICAS_AGREE,
    /** W6: the events of one request for one partition are there as a whole, side by side. */
    BATCH_IS_WHOLE,
    /** P1: a write is in the log at most once. */
    AT_MOST_ONCE,
    /** W8: a batch that is repeated is answered with the place that it has. */
    REPEAT_IS_THE_SAME,
    /** P2: a batch whose sequence leaves a gap is refused. */
    GAP_IS_REFUSED,
    /** P3: an old epoch is refused once a newer one has written. */
    OLD_EPOCH_IS_REFUSED,
    /** O5, R1: where a log begins and ends never goes back. */
    BOUNDS_NEVER_FALL,
    /** O5: an end lies behind everything that was acknowledged before it was asked for. */
    END_IS_CURRENT,
    /** R5: reading below the log's start is refused, and never gives other data. */
    TRIMMED_IS_REFUSED,
    /** G1: in one generation a partition belongs to one member. */
    ONE_OWNER,
    /** G2: generations rise. */
    GENERATION_RISES,
    /** G3: only who owns a partition can commit. */
    COMMIT_OF_OWNER_ONLY,
    /** G4, G5, G6: what was committed stays, and is seen by who asks afterwards. */
    COMMIT_IS_KEPT,
    /** G7: no event below what is committed was skipped. */
    COMMITTED_IS_DELIVERED,
    /** M1: what was acknowledged about a topic is known everywhere in the end. */
    TOPIC_IS_KEPT,
    /** M2: a topic that is created again is another one. */
    TOPIC_IS_NEW,
    /** M4: a process never has older metadata than before. */
    REVISION_NEVER_FALLS,
    /** The service promised while nodes fail: within these times it goes on. */
    GOES_ON
  }
}
