package io.flotilla.cli.error;

import io.flotilla.cli.output.Text;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.ServerAttempt;
import io.flotilla.client.ServerAttempt.Reached;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.ErrorSpec;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns a failure of the client into a report: what it reached, why it failed, what to do.
 * Stateless.
 */
public final class Failures {

  /**
   * What a command wanted.
   *
   * @param what such as {@code cannot describe topic "orders"}
   * @param topic the topic it was about; empty: about none
   * @param group the consumer group it was about; empty: about none
   */
  public record Asked(String what, String topic, String group) {

    /** The catalogue says NAME where the name of the topic, or of the group, belongs. */
    String named(String remedy) {
      String named =
          group.isEmpty()
              ? remedy
              : remedy.replaceAll(
                  "\\b(group \\w+) NAME\\b", "$1 " + Matcher.quoteReplacement(group));
      return topic.isEmpty()
          ? named
          : named.replaceAll("\\bNAME\\b", Matcher.quoteReplacement(topic));
    }
  }

  private Failures() {}

  /**
   * The report, as something to throw.
   *
   * @param asked what the command wanted
   * @param servers the servers it was given
   * @param waited for how long it tried
   */
  public static CliException of(
      Asked asked, String servers, Duration waited, FlotillaClientException failure) {
    ErrorReason reason = failure.reason();
    String where = where(servers, waited, failure);
    String message = asked.what() + ": " + failure.getMessage();
    if (reason != null && reason != ErrorReason.ERROR_REASON_UNSPECIFIED) {
      ErrorSpec spec = Catalogue.spec(reason);
      return new CliException(
          new ErrorReport(
              Catalogue.name(reason),
              Catalogue.exitCode(reason).number(),
              message,
              where,
              spec.getBecause() + metadata(failure),
              asked.named(spec.getRemedy()),
              Catalogue.docs(reason)));
    }
    return new CliException(withoutReason(asked.what(), message, where, failure));
  }

  /** Nobody gave a reason of ours: the connection, or something that is not a node. */
  private static ErrorReport withoutReason(
      String asked, String message, String where, FlotillaClientException failure) {
    String code = failure.code();
    if (code.equals("UNAUTHENTICATED") || code.equals("PERMISSION_DENIED")) {
      return new ErrorReport(
          code,
          ExitCode.FORBIDDEN.number(),
          message,
          where,
          "the server does not allow this to whoever you are",
          "ask for the permission, or use other credentials",
          null);
    }
    return switch (failure.kind()) {
      case UNREACHABLE, RETRY -> unreachable(asked, where, failure);
      case UNKNOWN ->
          new ErrorReport(
              code,
              ExitCode.UNKNOWN_OUTCOME.number(),
              message,
              where,
              "no answer came back: it may or may not have happened",
              "look before you repeat it: flotilla cluster describe",
              null);
      case REFUSED, DATA_LOSS ->
          new ErrorReport(
              code,
              ExitCode.NO.number(),
              message,
              where,
              "the server refused without naming a reason of Flotilla's",
              "check that this is the client port of a Flotilla node, of a version like this one",
              null);
    };
  }

  private static ErrorReport unreachable(
      String asked, String where, FlotillaClientException failure) {
    Reached furthest =
        failure.attempts().stream()
            .map(ServerAttempt::reached)
            .max(Enum::compareTo)
            .orElse(Reached.NOTHING);
    String problem =
        failure.attempts().stream()
            .map(Failures::problem)
            .distinct()
            .collect(Collectors.joining("; "));
    return new ErrorReport(
        "UNREACHABLE",
        ExitCode.UNREACHABLE.number(),
        asked + ": no server could be reached",
        where,
        problem.isEmpty() ? failure.getMessage() : problem,
        remedy(furthest),
        null);
  }

  /** The commonest obstacle without the words of the transport. */
  private static String problem(ServerAttempt attempt) {
    return attempt.problem().contains("Connection refused")
        ? "nothing listens at " + attempt.server() + " (connection refused)"
        : attempt.problem();
  }

  private static String remedy(Reached furthest) {
    return switch (furthest) {
      case NOTHING -> "correct --server (or FLOTILLA_SERVER), or check the name service";
      case NAME_RESOLVED ->
          "start a cluster: flotilla up; or name a running node: --server HOST:PORT";
      case CONNECTED, GRPC_ANSWERED ->
          "check that this is the client port of a node, and look at the node's log";
    };
  }

  private static String where(String servers, Duration waited, FlotillaClientException failure) {
    String asked =
        failure.attempts().isEmpty()
            ? servers + ladder(failure.reason())
            : failure.attempts().stream()
                .map(attempt -> attempt.server() + " (" + ladder(attempt.reached()) + ")")
                .collect(Collectors.joining(", "));
    return asked + " for " + Text.duration(waited);
  }

  private static String ladder(@Nullable ErrorReason reason) {
    return reason == null ? "" : " (" + ladder(Reached.GRPC_ANSWERED) + ")";
  }

  /** How far the connection came. */
  static String ladder(Reached reached) {
    return switch (reached) {
      case NOTHING -> "name not resolved";
      case NAME_RESOLVED -> "name resolved, not connected";
      case CONNECTED -> "connected, TLS no, no gRPC answer";
      case GRPC_ANSWERED -> "connected, TLS no, gRPC ok";
    };
  }

  private static String metadata(FlotillaClientException failure) {
    List<String> facts =
        failure.metadata().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .sorted()
            .toList();
    return facts.isEmpty() ? "" : " (" + String.join(", ", facts) + ")";
  }
}
