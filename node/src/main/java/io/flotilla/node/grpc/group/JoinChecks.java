package io.flotilla.node.grpc.group;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.core.group.GroupLimits;
import io.flotilla.node.core.group.TopicPattern;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.state.v1.JoinMember;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.v1.Assignor;
import io.flotilla.proto.v1.JoinGroup;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;

/** What must hold of a join, and what it means. Throws INVALID_ARGUMENT. Stateless. */
final class JoinChecks {

  static final int UNACKED_EVENTS_DEFAULT = 1_000;
  static final int UNACKED_EVENTS_MAX = 100_000;

  private static final int SESSION_MS_DEFAULT = 2_000;
  private static final int STATIC_SESSION_MS_DEFAULT = 45_000;
  private static final int SESSION_MS_MAX = 3_600_000;
  private static final int REVOKE_MS_DEFAULT = 10_000;
  private static final int REVOKE_MS_MAX = 600_000;
  private static final int TIMEOUT_MS_MIN = 100;
  private static final int TEXT_CHARS_MAX = 200;
  private static final Pattern GROUP = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

  private JoinChecks() {}

  /** The name of a consumer group. */
  static void group(String name) {
    if (!GROUP.matcher(name).matches()) {
      throw FlotillaException.invalid("group \"" + name + "\" must match [a-zA-Z0-9._-]{1,200}");
    }
  }

  static void join(JoinGroup join) {
    group(join.getGroup());
    int topics = join.getTopicsCount();
    if (topics < 1 || topics > GroupLimits.SUBSCRIPTIONS_MAX) {
      throw FlotillaException.invalid(
          "topics must be 1 to "
              + GroupLimits.SUBSCRIPTIONS_MAX
              + " names or patterns, were "
              + topics);
    }
    join.getTopicsList().forEach(TopicPattern::of);
    position(join.getFrom());
    range("session_timeout_ms", join.getSessionTimeoutMs(), SESSION_MS_MAX);
    range("revoke_timeout_ms", join.getRevokeTimeoutMs(), REVOKE_MS_MAX);
    if (join.getMaxUnackedEvents() < 0 || join.getMaxUnackedEvents() > UNACKED_EVENTS_MAX) {
      throw FlotillaException.invalid(
          "max_unacked_events must be 0 to "
              + UNACKED_EVENTS_MAX
              + ", was "
              + join.getMaxUnackedEvents());
    }
    text("instance_id", join.getInstanceId());
    text("rack", join.getRack());
    text("client_id", join.getClientId());
    text("session_token", join.getSessionToken());
    if (join.getAssignor() == Assignor.UNRECOGNIZED) {
      throw FlotillaException.invalid("assignor " + join.getAssignorValue() + " is not known here");
    }
  }

  private static void position(Position from) {
    switch (from.getFrom()) {
      case START_FROM_EARLIEST, START_FROM_LATEST -> {}
      case START_FROM_TIME -> {
        long time = from.getTimeUnixMs();
        if (time < 0 || time > BatchLimits.TIMESTAMP_MS_MAX) {
          throw FlotillaException.invalid(
              "time_unix_ms must be 0 to " + BatchLimits.TIMESTAMP_MS_MAX + ", was " + time);
        }
      }
      case START_FROM_OFFSET, START_FROM_UNSPECIFIED, UNRECOGNIZED ->
          throw FlotillaException.invalid(
              "from must say where to begin without a committed offset: earliest, latest or time");
    }
  }

  private static void range(String field, int value, int max) {
    if (value != 0 && (value < TIMEOUT_MS_MIN || value > max)) {
      throw FlotillaException.invalid(
          field + " must be 0, or " + TIMEOUT_MS_MIN + " to " + max + ", was " + value);
    }
  }

  private static void text(String field, String value) {
    if (value.length() > TEXT_CHARS_MAX) {
      throw FlotillaException.invalid(
          field + " has " + value.length() + " characters of " + TEXT_CHARS_MAX);
    }
  }

  /** The member that a checked join makes. */
  static JoinMember member(JoinGroup join, String host) {
    boolean fresh = join.getSessionToken().isEmpty();
    int timeout = join.getInstanceId().isEmpty() ? SESSION_MS_DEFAULT : STATIC_SESSION_MS_DEFAULT;
    return JoinMember.newBuilder()
        .setSessionToken(fresh ? UUID.randomUUID().toString() : join.getSessionToken())
        .setInstanceId(join.getInstanceId())
        .addAllTopics(new TreeSet<>(join.getTopicsList()))
        .setRack(join.getRack())
        .setClientId(join.getClientId())
        .setHost(host)
        .setSessionTimeoutMs(join.getSessionTimeoutMs() == 0 ? timeout : join.getSessionTimeoutMs())
        .setAssignor(join.getAssignorValue())
        .build();
  }

  static int unackedEventsMax(JoinGroup join) {
    return join.getMaxUnackedEvents() == 0 ? UNACKED_EVENTS_DEFAULT : join.getMaxUnackedEvents();
  }

  static long revokeMs(JoinGroup join) {
    return join.getRevokeTimeoutMs() == 0 ? REVOKE_MS_DEFAULT : join.getRevokeTimeoutMs();
  }
}
