package io.flotilla.client;

import io.flotilla.proto.types.v1.ErrorReason;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why something did not work. {@link #kind} says what to do about it, {@link #reason} exactly why
 * when the cluster said so. Immutable.
 */
public final class FlotillaClientException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What to do about it. */
  public enum Kind {
    /** Nothing was written; elsewhere or later it may work. Retries were exhausted. */
    RETRY,
    /** The cluster refuses: the request, or the state it meets, must change first. */
    REFUSED,
    /** It may or may not have happened. */
    UNKNOWN,
    /** No server could be reached: see {@link #attempts}. */
    UNREACHABLE,
    /** What was read does not match its checksum. */
    DATA_LOSS
  }

  private final Kind kind;
  private final @Nullable ErrorReason reason;
  private final String code;
  private final transient Map<String, String> metadata;
  private final transient @Nullable Leader leaderHint;
  private final transient List<ServerAttempt> attempts;

  public FlotillaClientException(
      Kind kind, String message, Details details, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.reason = details.reason();
    this.code = details.code();
    this.metadata = details.metadata();
    this.leaderHint = details.leaderHint();
    this.attempts = details.attempts();
  }

  /**
   * What came with a refusal.
   *
   * @param reason from the catalogue; null when none came
   * @param code name of the gRPC status code, such as UNAVAILABLE
   * @param metadata facts for programs, such as log_start
   * @param leaderHint where the leader is; null when not known
   * @param attempts how far the call came with each server
   */
  public record Details(
      @Nullable ErrorReason reason,
      String code,
      Map<String, String> metadata,
      @Nullable Leader leaderHint,
      List<ServerAttempt> attempts) {
    public Details {
      metadata = Map.copyOf(metadata);
      attempts = List.copyOf(attempts);
    }

    /** Only a code. */
    public static Details of(String code) {
      return new Details(null, code, Map.of(), null, List.of());
    }
  }

  public Kind kind() {
    return kind;
  }

  /** The reason from the catalogue; null when none came, as when nobody answered. */
  public @Nullable ErrorReason reason() {
    return reason;
  }

  /** Name of the gRPC status code, such as UNAVAILABLE. */
  public String code() {
    return code;
  }

  /** Facts for programs, such as "log_start" and "end" of OFFSET_OUT_OF_RANGE. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Where the leader is; null when not known. */
  public @Nullable Leader leaderHint() {
    return leaderHint;
  }

  /** How far the call came with each server that was tried, the latest attempt of each. */
  public List<ServerAttempt> attempts() {
    return attempts;
  }
}
