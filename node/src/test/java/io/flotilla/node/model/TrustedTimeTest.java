package io.flotilla.node.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A clock that leaps on one node deletes nothing early. */
class TrustedTimeTest {

  private static final long WEEK_MS = 7L * 86_400_000;
  private static final long NOW = 1_000 * WEEK_MS;

  private long clockMs = NOW;
  private long nanos = 5;
  private final TrustedTime time = new TrustedTime(() -> clockMs, () -> nanos);

  private OptionalLong now(Map<Integer, Long> heard) {
    return time.now(List.of(1, 2, 3), heard);
  }

  @Test
  void oneClockThatLeapsAheadOfThreeIsNotBelieved() {
    for (int leaping = 1; leaping <= 3; leaping++) {
      Map<Integer, Long> heard = new HashMap<>(Map.of(1, NOW, 2, NOW + 3, 3, NOW + 7));
      heard.put(leaping, NOW + WEEK_MS);
      assertThat(now(heard).getAsLong()).as("node " + leaping).isLessThanOrEqualTo(NOW + 7);
    }
  }

  @Test
  void ofTwoClocksTheLowerIsBelieved() {
    assertThat(now(Map.of(1, NOW + WEEK_MS, 2, NOW))).hasValue(NOW);
    assertThat(time.now(List.of(1, 2), Map.of(1, NOW, 2, NOW + WEEK_MS))).hasValue(NOW);
  }

  @Test
  void aMinorityOfClocksIsNotEnough() {
    assertThat(now(Map.of(1, NOW))).isEmpty();
    assertThat(time.now(List.of(1, 2), Map.of(1, NOW))).isEmpty();
    assertThat(time.now(List.of(1, 2, 3, 4, 5), Map.of(1, NOW, 5, NOW))).isEmpty();
  }

  @Test
  void clocksOfNodesWithoutAReplicaDoNotCount() {
    assertThat(now(Map.of(1, NOW, 7, NOW + WEEK_MS, 8, NOW + WEEK_MS))).isEmpty();
  }

  @Test
  void aLoneClockMayNotRunAheadOfTheMonotonicOne() {
    nanos += 60_000_000_000L;
    clockMs = NOW + 60_000;
    assertThat(time.now(List.of(1), Map.of(1, clockMs))).hasValue(NOW + 60_000);
    clockMs = NOW + WEEK_MS;
    assertThat(time.now(List.of(1), Map.of(1, clockMs))).hasValue(NOW + 60_000);
    clockMs = NOW - 5;
    assertThat(time.now(List.of(1), Map.of(1, clockMs))).hasValue(NOW - 5);
  }
}
