package io.flotilla.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class TextTest {

  @Test
  void countsAreGrouped() {
    assertThat(Text.count(0)).isEqualTo("0");
    assertThat(Text.count(999)).isEqualTo("999");
    assertThat(Text.count(-999)).isEqualTo("-999");
    assertThat(Text.count(1_000)).isEqualTo("1,000");
    assertThat(Text.count(-101_229)).isEqualTo("-101,229");
    assertThat(Text.count(Long.MAX_VALUE)).isEqualTo("9,223,372,036,854,775,807");
    assertThat(Text.count(1, "event")).isEqualTo("1 event");
    assertThat(Text.count(2, "event")).isEqualTo("2 events");
  }

  @Test
  void bytesAndDurationsHaveUnits() {
    assertThat(Text.bytes(512)).isEqualTo("512 B");
    assertThat(Text.bytes(1_536)).isEqualTo("1.5 KiB");
    assertThat(Text.bytes(5L << 40)).isEqualTo("5.0 TiB");
    assertThat(Text.duration(Duration.ofMillis(850))).isEqualTo("850 ms");
    assertThat(Text.duration(Duration.ofMillis(4_200))).isEqualTo("4.2 s");
  }

  @Test
  void timesNameTheirZone() {
    assertThat(Text.time(Instant.parse("2026-11-22T10:00:00.9Z"), true))
        .isEqualTo("2026-11-22T10:00:00Z");
  }
}
