package io.flotilla.cluster.check;

/**
 * One publish of one event, as its writer saw it. {@code partition} and {@code offset} are -1
 * unless acknowledged; an outcome that stayed unknown completes at {@link Long#MAX_VALUE}.
 *
 * @param writer who wrote; its sequences rise in the order of its calls
 * @param value unique in the whole history
 * @param invokedNanos System.nanoTime before the call
 * @param completedNanos System.nanoTime after the answer
 */
public record Write(
    int writer,
    int sequence,
    String value,
    long invokedNanos,
    long completedNanos,
    Outcome outcome,
    int partition,
    long offset) {

  /** What a writer was told. */
  public enum Outcome {
    /** Acknowledged, with partition and offset. */
    OK,
    /** Perhaps written. */
    UNKNOWN,
    /** Definitely not written. */
    FAILED
  }
}
