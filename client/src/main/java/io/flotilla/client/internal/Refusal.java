package io.flotilla.client.internal;

import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.Leader;
import io.flotilla.client.ServerAttempt;
import io.flotilla.client.ServerAttempt.Reached;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Retry;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a call, a stream or one item of a stream was not answered as asked, in one form wherever it
 * came from. Immutable; built by {@link RefusalReader} only.
 *
 * @param reason from the catalogue; UNSPECIFIED when none came
 * @param retry what may be done about it
 * @param code the gRPC status code
 * @param message for humans
 * @param metadata facts for programs
 * @param leader where to go instead; null when not said
 * @param retryAfterMs wait at least this long; 0 when not said
 * @param reached how far the call came
 * @param cause what the transport threw; null for an answer
 */
record Refusal(
    ErrorReason reason,
    Retry retry,
    Status.Code code,
    String message,
    Map<String, String> metadata,
    @Nullable Leader leader,
    long retryAfterMs,
    Reached reached,
    @Nullable Throwable cause) {

  boolean is(ErrorReason other) {
    return reason == other;
  }

  boolean retryable() {
    return retry == Retry.RETRY_ELSEWHERE
        || retry == Retry.RETRY_LATER
        || retry == Retry.RETRY_UNKNOWN_OUTCOME;
  }

  /** Nobody was there to take the call, so certainly nothing was written. */
  boolean unreachable() {
    return reached.compareTo(Reached.CONNECTED) < 0;
  }

  /** It may have been written. Faults of a node are not proof of the contrary. */
  boolean outcomeUnknown() {
    if (unreachable()) {
      return false;
    }
    return retry == Retry.RETRY_UNKNOWN_OUTCOME
        || code == Status.Code.INTERNAL
        || code == Status.Code.DATA_LOSS
        || code == Status.Code.UNKNOWN;
  }

  /** The kind for the caller when there will be no further attempt. */
  Kind kind() {
    if (unreachable()) {
      return Kind.UNREACHABLE;
    }
    if (code == Status.Code.DATA_LOSS) {
      return Kind.DATA_LOSS;
    }
    if (outcomeUnknown()) {
      return Kind.UNKNOWN;
    }
    return retryable() ? Kind.RETRY : Kind.REFUSED;
  }

  FlotillaClientException toException() {
    return toException(kind(), message, List.of());
  }

  FlotillaClientException toException(Kind as, String text, List<ServerAttempt> attempts) {
    var details =
        new FlotillaClientException.Details(
            reason == ErrorReason.ERROR_REASON_UNSPECIFIED ? null : reason,
            code.name(),
            metadata,
            leader,
            attempts);
    return new FlotillaClientException(as, text, details, cause);
  }
}
