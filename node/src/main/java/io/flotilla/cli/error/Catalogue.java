package io.flotilla.cli.error;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.ErrorSpec;
import io.flotilla.proto.types.v1.Options;

/**
 * What the protocol's error catalogue says about a reason, and which exit code it ends a command
 * with. Stateless.
 */
public final class Catalogue {

  private static final String PREFIX = "ERROR_REASON_";

  private Catalogue() {}

  /** The reason as users see it, such as {@code TOPIC_NOT_FOUND}. */
  public static String name(ErrorReason reason) {
    return reason.name().substring(PREFIX.length());
  }

  /** Why it happens and what to do. */
  public static ErrorSpec spec(ErrorReason reason) {
    EnumValueDescriptor value = reason.getValueDescriptor();
    return value.getOptions().getExtension(Options.error);
  }

  /** Where to read more. */
  public static String docs(ErrorReason reason) {
    return "errors.proto, " + reason.name();
  }

  /** The exit code of a command that ends with this reason. */
  public static ExitCode exitCode(ErrorReason reason) {
    return switch (reason) {
      case ERROR_REASON_NOT_LEADER,
          ERROR_REASON_LEADER_UNKNOWN,
          ERROR_REASON_STARTING,
          ERROR_REASON_SHUTTING_DOWN,
          ERROR_REASON_NODE_UNREACHABLE,
          ERROR_REASON_OFFSET_NOT_AVAILABLE ->
          ExitCode.UNREACHABLE;
      case ERROR_REASON_OUTCOME_UNKNOWN, ERROR_REASON_DEADLINE_EXCEEDED -> ExitCode.UNKNOWN_OUTCOME;
      case ERROR_REASON_INVALID_ARGUMENT,
          ERROR_REASON_EVENT_TOO_LARGE,
          ERROR_REASON_UNKNOWN_COMPRESSION ->
          ExitCode.USAGE;
      default -> ExitCode.NO;
    };
  }
}
