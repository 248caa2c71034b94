package io.flotilla.client.internal;

import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.ErrorSpec;
import io.flotilla.proto.types.v1.Options;
import io.flotilla.proto.types.v1.Retry;
import io.grpc.Status;

/**
 * Reads the error catalogue's own options: what a reason allows the caller to do. There is no
 * second list of reasons anywhere in the client. Pure.
 */
final class ErrorSpecs {

  private static final String PREFIX = "ERROR_REASON_";

  private ErrorSpecs() {}

  /** The reason of this short name; UNSPECIFIED for names that this client does not know yet. */
  static ErrorReason byShortName(String name) {
    var value = ErrorReason.getDescriptor().findValueByName(PREFIX + name);
    return value == null ? ErrorReason.ERROR_REASON_UNSPECIFIED : ErrorReason.valueOf(value);
  }

  static String shortName(ErrorReason reason) {
    return reason == ErrorReason.UNRECOGNIZED
        ? "UNRECOGNIZED"
        : reason.name().substring(PREFIX.length());
  }

  /** What to do after this reason; a reason unknown to this client is judged by its status code. */
  static Retry retryOf(ErrorReason reason, Status.Code code) {
    if (reason == ErrorReason.UNRECOGNIZED || reason == ErrorReason.ERROR_REASON_UNSPECIFIED) {
      return retryOf(code);
    }
    ErrorSpec spec = reason.getValueDescriptor().getOptions().getExtension(Options.error);
    return spec.getRetry();
  }

  /** What to do after a status that carries no reason: it comes from the transport or a proxy. */
  static Retry retryOf(Status.Code code) {
    return switch (code) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, UNKNOWN, INTERNAL, ABORTED, OK ->
          Retry.RETRY_UNKNOWN_OUTCOME;
      case RESOURCE_EXHAUSTED -> Retry.RETRY_LATER;
      default -> Retry.RETRY_NEVER;
    };
  }
}
