package io.flotilla.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A group that flaps is seen among many, and forgotten when it has been quiet. */
class LeaderChangesTest {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final LeaderChanges changes = new LeaderChanges(nanos::get);

  @Test
  void theGroupWithMostChangesCounts() {
    for (long group = 1_000; group < 1_100; group++) {
      changes.changed(group);
    }
    changes.changed(1_042);
    changes.changed(1_042);
    assertThat(changes.most()).isEqualTo(3);

    nanos.addAndGet(Duration.ofMinutes(6).toNanos());
    changes.changed(1_042);
    assertThat(changes.most()).isEqualTo(4);

    nanos.addAndGet(Duration.ofMinutes(6).toNanos());
    assertThat(changes.most()).isEqualTo(1);
  }

  @Test
  void groupsThatAreGoneAreForgottenThoughNobodyAsks() {
    for (long group = 1_000; group < 3_000; group++) {
      changes.changed(group);
      nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    }
    assertThat(changes.remembered()).isLessThan(25);
  }

  @Test
  void whatIsRememberedOfAGroupHasABound() {
    for (int i = 0; i < 10_000; i++) {
      changes.changed(1_000);
    }
    assertThat(changes.most()).isEqualTo(100);
  }
}
