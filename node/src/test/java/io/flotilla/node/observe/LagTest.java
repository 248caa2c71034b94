package io.flotilla.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.observe.LagLook.Lag;
import org.junit.jupiter.api.Test;

/** The lag of a group: events add up over partitions, the age is that of the oldest. */
class LagTest {

  @Test
  void eventsAddUpAndTheOldestCounts() {
    Lag sum = Lag.NONE.plus(new Lag(5, 7_000)).plus(new Lag(2, 3_000)).plus(Lag.NONE);

    assertThat(sum).isEqualTo(new Lag(7, 3_000));
    assertThat(sum.seconds(10_500)).isEqualTo(7.5);
  }

  @Test
  void whoHasEverythingIsNotBehindAndNobodyIsAheadOfTheClock() {
    assertThat(Lag.NONE.seconds(10_000)).isZero();
    assertThat(new Lag(1, 10_001).seconds(10_000)).isZero();
  }
}
