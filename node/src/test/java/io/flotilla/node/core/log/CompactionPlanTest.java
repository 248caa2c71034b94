package io.flotilla.node.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a log is compacted, and how far. */
class CompactionPlanTest extends CompactedLog {
  @Test
  void whatIsYoungerThanTheMinimumLagIsLeftAlone() {
    at(1_000, "a=1", "a=2");
    at(2_000, "a=3");
    at(3_000, "a=4");
    CompactionRules rules = new CompactionRules(500, -1, 0, GRACE_MS);

    assertThat(plan(rules, 1_499)).isEqualTo(new CompactionPlan(0, false));
    assertThat(plan(rules, 2_500)).isEqualTo(new CompactionPlan(3, true));
    assertThat(plan(rules, 3_500)).isEqualTo(new CompactionPlan(4, true));
  }

  @Test
  void aRoundIsWorthItWhenEnoughIsNewOrAnEventHasWaitedTooLong() {
    for (int i = 0; i < 10; i++) {
      at(1_000, "a=" + i);
    }
    CompactionRules rules = new CompactionRules(0, 5_000, 50, GRACE_MS);
    assertThat(plan(rules, 1_000).due()).as("all is new").isTrue();
    compact(10);
    assertThat(plan(rules, 1_000).due()).as("nothing is new").isFalse();
    at(2_000, "b=" + "x".repeat(200));
    at(2_000, "c=" + "x".repeat(200));
    compact(12);
    at(3_000, "d=1");

    assertThat(plan(rules, 3_000).due()).as("a little is new").isFalse();
    assertThat(plan(rules, 8_000).due()).as("it has not waited for too long").isFalse();
    assertThat(plan(rules, 8_001)).isEqualTo(new CompactionPlan(13, true));
  }

  @Test
  void aRoundThatWasBrokenOffIsGoneOnWithAndTombstonesComeDue() {
    CompactionRules rules = new CompactionRules(0, -1, 100, GRACE_MS);
    at(1_000, "a=1");
    at(1_000, "a");
    nowMs = 1_000;
    compact(2);
    assertThat(plan(rules, 1_000 + GRACE_MS - 1).due()).isFalse();
    assertThat(plan(rules, 1_000 + GRACE_MS).due()).isTrue();
  }
}
