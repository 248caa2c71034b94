package io.flotilla.node.model;

import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal: the reason from the catalogue, what was asked and why not, and where it helps the
 * leader to ask instead or the time to wait. An answer, not a fault of this node, so it has no
 * stack trace.
 */
public final class FlotillaException extends RuntimeException {

  private final ErrorReason reason;
  private final transient Map<String, String> metadata;
  private final transient @Nullable Leader leader;
  private final @Nullable Duration retryAfter;

  public FlotillaException(ErrorReason reason, String message) {
    this(reason, message, Map.of(), null, null);
  }

  public FlotillaException(
      ErrorReason reason,
      String message,
      Map<String, String> metadata,
      @Nullable Leader leader,
      @Nullable Duration retryAfter) {
    super(message, null, false, false);
    this.reason = reason;
    this.metadata = metadata;
    this.leader = leader;
    this.retryAfter = retryAfter;
  }

  /** Not the leader; with the leader if it is known. */
  public static FlotillaException notLeader(String message, @Nullable Leader leader) {
    return new FlotillaException(
        leader == null
            ? ErrorReason.ERROR_REASON_LEADER_UNKNOWN
            : ErrorReason.ERROR_REASON_NOT_LEADER,
        message,
        Map.of(),
        leader,
        null);
  }

  /** Too much in flight: come back after a while. */
  public static FlotillaException throttled(String message, Duration retryAfter) {
    return new FlotillaException(
        ErrorReason.ERROR_REASON_THROTTLED, message, Map.of(), null, retryAfter);
  }

  /** A field has a value that is not allowed. */
  public static FlotillaException invalid(String message) {
    return new FlotillaException(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, message);
  }

  /** The offset is not in [logStart, end]. */
  public static FlotillaException outOfRange(long offset, long logStart, long end) {
    return new FlotillaException(
        ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE,
        "offset " + offset + " is not between log start " + logStart + " and end " + end,
        Map.of("log_start", Long.toString(logStart), "end", Long.toString(end)),
        null,
        null);
  }

  public ErrorReason reason() {
    return reason;
  }

  public Map<String, String> metadata() {
    return metadata;
  }

  public @Nullable Leader leader() {
    return leader;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
