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
    /** P1: a write is in the log at most once. */
    AT_MOST_ONCE
  }
}
