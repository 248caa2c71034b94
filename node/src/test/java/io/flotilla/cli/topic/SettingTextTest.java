package io.flotilla.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.cli.error.CliException;
import io.flotilla.cli.topic.TopicDetail.SettingRow;
import io.flotilla.client.TopicSettings;
import io.flotilla.client.TopicSettings.Name;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Settings as they are typed and shown. */
final class SettingTextTest {

  @Test
  void whatIsShownCanBeTypedAgain() {
    for (Map<String, String> typed :
        List.of(
            Map.of("retention.time", "7d", "retention.bytes", "1GiB"),
            Map.of("retention.time", "90m", "retention.bytes", "1536MiB"),
            Map.of("retention.time", "1500ms", "retention.bytes", "1048577B"),
            Map.of("retention.time", "unlimited", "retention.bytes", "unlimited"),
            Map.of("cleanup", "compact", "compaction.lag.min", "0ms"),
            Map.of("cleanup", "both", "compaction.lag.max", "unlimited"),
            Map.of("compaction.dirty.percent", "25", "tombstone.retention", "36h"))) {
      TopicSettings settings = SettingText.settings(typed);
      typed.forEach(
          (name, value) -> {
            Name named = SettingText.names(List.of(name)).iterator().next();
            assertThat(SettingText.value(settings, named)).isEqualTo(value);
          });
    }
  }

  @Test
  void unitsAreOfTwoAndDaysOfHours() {
    TopicSettings settings =
        SettingText.settings(Map.of("retention.time", "48h", "retention.bytes", "2048"));
    assertThat(settings)
        .isEqualTo(
            TopicSettings.NONE.withRetentionTime(Duration.ofDays(2)).withRetentionBytes(2048));
    assertThat(SettingText.value(settings, Name.RETENTION_TIME)).isEqualTo("2d");
  }

  @Test
  void whatIsNoSettingOrNoValueIsAUsageError() {
    for (Map<String, String> typed :
        List.of(
            Map.of("retention", "7d"),
            Map.of("cleanup", "sometimes"),
            Map.of("compaction.dirty.percent", "half"),
            Map.of("retention.time", "a week"),
            Map.of("retention.bytes", "-5"),
            Map.of("retention.bytes", "999999999999999TiB"))) {
      assertThatThrownBy(() -> SettingText.settings(typed))
          .isInstanceOfSatisfying(
              CliException.class, e -> assertThat(e.report().code()).isEqualTo(2));
    }
  }

  @Test
  void rowsSayWhoSetsIt() {
    TopicSettings inForce =
        TopicSettings.NONE
            .withRetentionTime(Duration.ofHours(1))
            .withRetentionBytes(TopicSettings.UNLIMITED);
    TopicSettings own = TopicSettings.NONE.withRetentionTime(Duration.ofHours(1));
    assertThat(SettingText.rows(inForce, own))
        .containsExactly(
            new SettingRow("retention.time", "1h", "topic"),
            new SettingRow("retention.bytes", "unlimited", "default"));
  }
}
