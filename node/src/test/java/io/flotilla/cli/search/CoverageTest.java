package io.flotilla.cli.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A search always says where it has looked, and where not. */
final class CoverageTest {

  private static final List<Stretch> TWO =
      List.of(new Stretch(0, 0, 0, 1_000), new Stretch(1, 120, 120, 620));

  @Test
  void whatIsCompleteSaysSo() {
    Coverage all = new Coverage(TWO, Map.of(0, 1_000L, 1, 620L), 1_499, null);
    assertThat(all.report(14))
        .containsExactly(
            "14 events found; scanned 1,500 of 1,500 offsets",
            "  partition 0: 0 to 1000, partition 1: 120 to 620",
            "  older events are no longer kept in 1 partition: 1 before 120");
  }

  @Test
  void whatWasInterruptedSaysHowFarItCame() {
    Coverage half = new Coverage(TWO, Map.of(0, 500L), 500, Instant.EPOCH);
    assertThat(half.progress(1, true))
        .isEqualTo("scanned 500 of 1,500 (33 %), 1 found, reached 1970-01-01T00:00:00Z");
    assertThat(half.report(1))
        .contains(
            "1 event found; scanned 500 of 1,500 offsets, not all",
            "  partition 0: 0 to 500 of 1000, partition 1: 120 to 120 of 620");
  }

  @Test
  void anEmptyTopicIsScannedAtOnce() {
    Coverage none = new Coverage(List.of(new Stretch(0, 0, 0, 0)), Map.of(), 0, null);
    assertThat(none.report(0).get(0)).isEqualTo("0 events found; scanned 0 of 0 offsets");
    assertThat(none.progress(0, true)).isEqualTo("scanned 0 of 0, 0 found");
  }
}
