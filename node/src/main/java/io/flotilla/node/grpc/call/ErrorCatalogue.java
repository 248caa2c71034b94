package io.flotilla.node.grpc.call;

import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.ErrorSpec;
import io.flotilla.proto.types.v1.Options;
import io.flotilla.proto.types.v1.Retry;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the catalogue in errors.proto says about each reason, read from the options of its enum: the
 * only table of codes and retries there is. Immutable.
 */
public final class ErrorCatalogue {

  private static final String PREFIX = "ERROR_REASON_";
  private static final Map<ErrorReason, ErrorSpec> SPECS = read();

  private ErrorCatalogue() {}

  /** How the reason behaves; reasons unknown here behave as INTERNAL. */
  public static ErrorSpec spec(ErrorReason reason) {
    ErrorSpec spec = SPECS.get(reason);
    return spec != null ? spec : SPECS.getOrDefault(internal(), ErrorSpec.getDefaultInstance());
  }

  public static Retry retry(ErrorReason reason) {
    return spec(reason).getRetry();
  }

  /** The reason as it stands in ErrorInfo. */
  public static String nameOf(ErrorReason reason) {
    return reason == ErrorReason.UNRECOGNIZED
        ? reason.name()
        : reason.name().substring(PREFIX.length());
  }

  /** The reason of that name in ErrorInfo, or null if this version does not know it. */
  public static @Nullable ErrorReason byName(String name) {
    for (ErrorReason reason : SPECS.keySet()) {
      if (nameOf(reason).equals(name)) {
        return reason;
      }
    }
    return null;
  }

  private static ErrorReason internal() {
    return ErrorReason.ERROR_REASON_INTERNAL;
  }

  private static Map<ErrorReason, ErrorSpec> read() {
    Map<ErrorReason, ErrorSpec> specs = new EnumMap<>(ErrorReason.class);
    for (ErrorReason reason : ErrorReason.values()) {
      if (reason != ErrorReason.UNRECOGNIZED && reason != ErrorReason.ERROR_REASON_UNSPECIFIED) {
        specs.put(reason, reason.getValueDescriptor().getOptions().getExtension(Options.error));
      }
    }
    return specs;
  }
}
