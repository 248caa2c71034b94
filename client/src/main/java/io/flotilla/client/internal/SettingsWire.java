package io.flotilla.client.internal;

import io.flotilla.client.Cleanup;
import io.flotilla.client.TopicSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A topic's settings between the client's words and the protocol's. Pure. */
final class SettingsWire {

  private SettingsWire() {}

  static TopicSettings read(io.flotilla.proto.v1.TopicSettings said) {
    return new TopicSettings(
        said.hasRetentionMs() ? Duration.ofMillis(said.getRetentionMs()) : null,
        said.hasRetentionBytes() ? (Long) said.getRetentionBytes() : null,
        said.hasCleanup() ? cleanup(said.getCleanup()) : null,
        said.hasCompactionLagMinMs() ? Duration.ofMillis(said.getCompactionLagMinMs()) : null,
        said.hasCompactionLagMaxMs() ? Duration.ofMillis(said.getCompactionLagMaxMs()) : null,
        said.hasCompactionDirtyPercent() ? (Integer) said.getCompactionDirtyPercent() : null,
        said.hasTombstoneRetentionMs() ? Duration.ofMillis(said.getTombstoneRetentionMs()) : null);
  }

  /** Null for one that this client does not know. */
  private static @Nullable Cleanup cleanup(io.flotilla.proto.v1.Cleanup said) {
    return switch (said) {
      case CLEANUP_DELETE -> Cleanup.DELETE;
      case CLEANUP_COMPACT -> Cleanup.COMPACT;
      case CLEANUP_BOTH -> Cleanup.BOTH;
      case CLEANUP_UNSPECIFIED, UNRECOGNIZED -> null;
    };
  }

  static io.flotilla.proto.v1.TopicSettings write(TopicSettings settings) {
    var said = io.flotilla.proto.v1.TopicSettings.newBuilder();
    if (settings.retentionTime() != null) {
      said.setRetentionMs(settings.retentionTime().toMillis());
    }
    if (settings.retentionBytes() != null) {
      said.setRetentionBytes(settings.retentionBytes());
    }
    if (settings.cleanup() != null) {
      said.setCleanup(
          switch (settings.cleanup()) {
            case DELETE -> io.flotilla.proto.v1.Cleanup.CLEANUP_DELETE;
            case COMPACT -> io.flotilla.proto.v1.Cleanup.CLEANUP_COMPACT;
            case BOTH -> io.flotilla.proto.v1.Cleanup.CLEANUP_BOTH;
          });
    }
    if (settings.compactionLagMin() != null) {
      said.setCompactionLagMinMs(settings.compactionLagMin().toMillis());
    }
    if (settings.compactionLagMax() != null) {
      said.setCompactionLagMaxMs(settings.compactionLagMax().toMillis());
    }
    if (settings.compactionDirtyPercent() != null) {
      said.setCompactionDirtyPercent(settings.compactionDirtyPercent());
    }
    if (settings.tombstoneRetention() != null) {
      said.setTombstoneRetentionMs(settings.tombstoneRetention().toMillis());
    }
    return said.build();
  }

  /** What the protocol calls a setting. */
  static String field(TopicSettings.Name name) {
    return switch (name) {
      case RETENTION_TIME -> "retention_ms";
      case RETENTION_BYTES -> "retention_bytes";
      case CLEANUP -> "cleanup";
      case COMPACTION_LAG_MIN -> "compaction_lag_min_ms";
      case COMPACTION_LAG_MAX -> "compaction_lag_max_ms";
      case COMPACTION_DIRTY_PERCENT -> "compaction_dirty_percent";
      case TOMBSTONE_RETENTION -> "tombstone_retention_ms";
    };
  }
}
