package io.flotilla.node.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A node whose clock is wrong by weeks, from its start on, stamps and forgets by the others'. */
class GroupTimeTest {

  private static final Duration WEEK = Duration.ofDays(7);
  private static final long NOW = 1_000 * WEEK.toMillis();

  private long clockMs = NOW;
  private long nanos = 11;
  private Set<Integer> nodes = Set.of(1, 2, 3);
  private final Map<Integer, Long> others = new HashMap<>(Map.of(2, NOW + 4, 3, NOW + 9));
  private final List<Long> forgotten = new ArrayList<>();
  private int asked;

  private GroupExpiry expiry(GroupTime time) {
    return new GroupExpiry(
        time,
        () -> nodes,
        which -> {
          asked++;
          Map<Integer, Long> heard = new HashMap<>(others);
          heard.keySet().retainAll(which);
          return heard;
        },
        WEEK,
        forgotten::add);
  }

  private GroupTime time() {
    return new GroupTime(1, () -> clockMs, () -> nanos);
  }

  @Test
  void whoseClockIsWrongFromTheStartForgetsByTheOthers() {
    for (long wrong : List.of(NOW + 3 * WEEK.toMillis(), NOW - 3 * WEEK.toMillis())) {
      clockMs = wrong;
      forgotten.clear();
      GroupTime time = time();
      try (GroupExpiry expiry = expiry(time)) {
        expiry.look();
      }
      assertThat(time.getAsLong()).isBetween(NOW, NOW + 9);
      assertThat(forgotten).singleElement().isEqualTo(time.getAsLong() - WEEK.toMillis());
    }
  }

  @Test
  void nothingIsForgottenBeforeAMajorityHasToldItsClock() {
    others.clear();
    GroupTime time = time();
    try (GroupExpiry expiry = expiry(time)) {
      expiry.look();
      expiry.look();
      assertThat(asked).isEqualTo(2);
      assertThat(forgotten).isEmpty();
      assertThat(time.getAsLong()).as("it stamps by its own").isEqualTo(NOW);
      others.put(2, NOW + 4);
      expiry.look();
      assertThat(forgotten).hasSize(1);
    }
  }

  @Test
  void betweenTwoQuestionsTheMonotonicClockGoesOn() {
    GroupTime time = time();
    try (GroupExpiry expiry = expiry(time)) {
      expiry.look();
      long agreed = time.getAsLong();
      clockMs += WEEK.toMillis();
      nanos += 5_000_000_000L;
      assertThat(time.getAsLong()).isEqualTo(agreed + 5_000);
      others.clear();
      for (int look = 0; look < 60; look++) {
        expiry.look();
      }
      assertThat(asked).isEqualTo(2);
      assertThat(forgotten).as("what was agreed on stands").hasSize(2);
      assertThat(time.getAsLong()).isEqualTo(agreed + 5_000);
    }
  }

  @Test
  void aLoneNodeGoesByItsOwnClockUnlessItLeaps() {
    nodes = Set.of(1);
    GroupTime time = time();
    try (GroupExpiry expiry = expiry(time)) {
      clockMs += WEEK.toMillis();
      expiry.look();
    }
    assertThat(asked).isZero();
    assertThat(time.getAsLong()).isEqualTo(NOW);
  }
}
