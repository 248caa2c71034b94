package io.flotilla.node.grpc.admin;

import io.flotilla.proto.v1.TopicSettings;

/**
 * A topic's settings, as clients say them and as the metadata keeps them; the fields and the values
 * of the enum have the same numbers. Pure.
 */
final class SettingPictures {

  private SettingPictures() {}

  static TopicSettings of(io.flotilla.proto.state.v1.TopicSettings kept) {
    TopicSettings.Builder said = TopicSettings.newBuilder();
    if (kept.hasRetentionMs()) {
      said.setRetentionMs(kept.getRetentionMs());
    }
    if (kept.hasRetentionBytes()) {
      said.setRetentionBytes(kept.getRetentionBytes());
    }
    if (kept.hasCleanup()) {
      said.setCleanupValue(kept.getCleanupValue());
    }
    if (kept.hasCompactionLagMinMs()) {
      said.setCompactionLagMinMs(kept.getCompactionLagMinMs());
    }
    if (kept.hasCompactionLagMaxMs()) {
      said.setCompactionLagMaxMs(kept.getCompactionLagMaxMs());
    }
    if (kept.hasCompactionDirtyPercent()) {
      said.setCompactionDirtyPercent(kept.getCompactionDirtyPercent());
    }
    if (kept.hasTombstoneRetentionMs()) {
      said.setTombstoneRetentionMs(kept.getTombstoneRetentionMs());
    }
    return said.build();
  }

  static io.flotilla.proto.state.v1.TopicSettings kept(TopicSettings said) {
    var kept = io.flotilla.proto.state.v1.TopicSettings.newBuilder();
    if (said.hasRetentionMs()) {
      kept.setRetentionMs(said.getRetentionMs());
    }
    if (said.hasRetentionBytes()) {
      kept.setRetentionBytes(said.getRetentionBytes());
    }
    if (said.hasCleanup()) {
      kept.setCleanupValue(said.getCleanupValue());
    }
    if (said.hasCompactionLagMinMs()) {
      kept.setCompactionLagMinMs(said.getCompactionLagMinMs());
    }
    if (said.hasCompactionLagMaxMs()) {
      kept.setCompactionLagMaxMs(said.getCompactionLagMaxMs());
    }
    if (said.hasCompactionDirtyPercent()) {
      kept.setCompactionDirtyPercent(said.getCompactionDirtyPercent());
    }
    if (said.hasTombstoneRetentionMs()) {
      kept.setTombstoneRetentionMs(said.getTombstoneRetentionMs());
    }
    return kept.build();
  }
}
