package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.config.RaftConfig;
import org.junit.jupiter.api.Test;

class RatisSettingsTest {

  private static final long MIB = 1 << 20;

  @Test
  void theHeapForLogsIsDividedByTheNumberOfGroups() {
    RaftConfig config = RaftConfig.defaults().withCacheBytes(128 * MIB);

    // Two files of each log are in memory at most: the one being written and the last one.
    assertThat(RatisSettings.segmentBytes(config, 0)).isEqualTo(16 * MIB);
    assertThat(RatisSettings.segmentBytes(config, 4)).isEqualTo(16 * MIB);
    assertThat(RatisSettings.segmentBytes(config, 32)).isEqualTo(2 * MIB);
    assertThat(RatisSettings.segmentBytes(config, 1000)).isEqualTo(MIB);
  }

  @Test
  void withoutABudgetFilesAreAsLargeAsConfigured() {
    assertThat(RatisSettings.segmentBytes(RaftConfig.defaults(), 1000)).isEqualTo(16 * MIB);
  }
}
