package io.flotilla.node.core.metadata;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.state.v1.AlterTopic;
import io.flotilla.proto.state.v1.Cleanup;
import io.flotilla.proto.state.v1.TopicSettings;
import java.util.stream.Collectors;

/**
 * Which settings a topic may have. The bounds are the same on every node: constants. Pure; a
 * refusal names the field, as the API and the state alike call it.
 */
public final class SettingRules {

  /** As a value of either retention: nothing goes for it. */
  public static final long UNLIMITED = -1;

  public static final long RETENTION_MS_MIN = 1_000;

  /** A hundred years. */
  public static final long RETENTION_MS_MAX = 3_155_760_000_000L;

  /** Retention by size cuts about so exactly. */
  public static final long RETENTION_BYTES_MIN = 1L << 20;

  public static final long RETENTION_BYTES_MAX = 1L << 50;

  /** What a topic has that sets nothing of compaction. */
  public static final TopicSettings COMPACTION_DEFAULTS =
      TopicSettings.newBuilder()
          .setCleanup(Cleanup.CLEANUP_DELETE)
          .setCompactionLagMinMs(60_000)
          .setCompactionLagMaxMs(UNLIMITED)
          .setCompactionDirtyPercent(50)
          .setTombstoneRetentionMs(24L * 60 * 60 * 1000)
          .build();

  private SettingRules() {}

  /** Refuses values out of bounds with INVALID_ARGUMENT. */
  public static void check(TopicSettings settings) {
    if (settings.hasRetentionMs()) {
      check("retention_ms", settings.getRetentionMs(), RETENTION_MS_MIN, RETENTION_MS_MAX);
    }
    if (settings.hasRetentionBytes()) {
      check(
          "retention_bytes",
          settings.getRetentionBytes(),
          RETENTION_BYTES_MIN,
          RETENTION_BYTES_MAX);
    }
    checkCompaction(settings);
  }

  private static void checkCompaction(TopicSettings settings) {
    if (settings.hasCleanup()
        && (settings.getCleanup() == Cleanup.CLEANUP_UNSPECIFIED
            || settings.getCleanup() == Cleanup.UNRECOGNIZED)) {
      throw FlotillaException.invalid("cleanup must be delete, compact or both");
    }
    within("compaction_lag_min_ms", settings.getCompactionLagMinMs(), RETENTION_MS_MAX);
    within("compaction_dirty_percent", settings.getCompactionDirtyPercent(), 100);
    within("tombstone_retention_ms", settings.getTombstoneRetentionMs(), RETENTION_MS_MAX);
    if (settings.hasCompactionLagMaxMs()) {
      long lagMax = settings.getCompactionLagMaxMs();
      check("compaction_lag_max_ms", lagMax, RETENTION_MS_MIN, RETENTION_MS_MAX);
    }
  }

  private static void within(String field, long value, long max) {
    if (value < 0 || value > max) {
      throw FlotillaException.invalid(field + " is " + value + "; allowed are 0 to " + max);
    }
  }

  private static void check(String field, long value, long min, long max) {
    if (value != UNLIMITED && (value < min || value > max)) {
      throw FlotillaException.invalid(
          field + " is " + value + "; allowed are " + min + " to " + max + ", and -1 = unlimited");
    }
  }

  /** What a topic sets after a change; refuses a change that is not clear. */
  public static TopicSettings altered(TopicSettings before, AlterTopic change) {
    if (change.getSet().getAllFields().isEmpty() && change.getResetCount() == 0) {
      throw FlotillaException.invalid("nothing is to be changed: set and reset are empty");
    }
    if (change.getResetCount() > TopicSettings.getDescriptor().getFields().size()) {
      throw FlotillaException.invalid(
          "reset has " + change.getResetCount() + " names; the settings of a topic are " + names());
    }
    check(change.getSet());
    TopicSettings.Builder after = before.toBuilder();
    for (String name : change.getResetList()) {
      FieldDescriptor field = TopicSettings.getDescriptor().findFieldByName(name);
      if (field == null) {
        throw FlotillaException.invalid(
            "reset names \"" + name + "\"; the settings of a topic are " + names());
      }
      if (change.getSet().hasField(field)) {
        throw FlotillaException.invalid(name + " is both in set and in reset");
      }
      after.clearField(field);
    }
    return after.mergeFrom(change.getSet()).build();
  }

  private static String names() {
    return TopicSettings.getDescriptor().getFields().stream()
        .map(FieldDescriptor::getName)
        .collect(Collectors.joining(", "));
  }
}
