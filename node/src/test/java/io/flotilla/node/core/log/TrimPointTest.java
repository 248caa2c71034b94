package io.flotilla.node.core.log;

import static io.flotilla.node.core.log.LogTrimTest.large;
import static io.flotilla.node.core.log.Machine.P0;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * How far retention may trim: by time, by size, and what pins it. Five large batches make a MiB.
 */
class TrimPointTest {

  private static final long MIB = 1 << 20;
  private static final long HOUR_MS = 3_600_000;

  private final Machine machine = new Machine();

  private long point(long timeMs, long bytes, long nowMs) {
    return machine.reader(P0).trimPoint(new RetentionLimits(timeMs, bytes), nowMs);
  }

  /** One large batch a minute, stamped with its time. */
  private void fill(int batches) {
    for (int i = 0; i < batches; i++) {
      machine.append(P0, large(machine.timeMs));
      machine.timeMs += 60_000;
    }
  }

  @Test
  void withoutLimitsNothingGoes() {
    fill(20);
    assertThat(point(-1, -1, Long.MAX_VALUE)).isZero();
  }

  @Test
  void anEmptyLogStaysAsItIs() {
    assertThat(point(0, MIB, Long.MAX_VALUE)).isZero();
  }

  @Test
  void bySizeTheOldestGoWhileTheLimitRemains() {
    fill(40);
    long stored = machine.reader(P0).state().getStoredBytes();
    long point = point(-1, 3 * MIB, 0);
    assertThat(point).isPositive();
    machine.trim(P0, point);
    long left = machine.reader(P0).state().getStoredBytes();
    assertThat(left).isBetween(3 * MIB, 3 * MIB + MIB + MIB / 2).isLessThan(stored);
    assertThat(point(-1, 3 * MIB, 0)).isEqualTo(point);
  }

  @Test
  void byTimeGoesWhatIsOlderThanTheLimit() {
    fill(40);
    long start = 1_000_000;
    assertThat(point(HOUR_MS, -1, start + HOUR_MS)).isZero();
    long point = point(HOUR_MS, -1, start + HOUR_MS + 20 * 60_000);
    assertThat(point).isBetween(15L, 20L);
    machine.trim(P0, point);
    assertThat(point(HOUR_MS, -1, start + HOUR_MS + 20 * 60_000)).isEqualTo(point);
  }

  @Test
  void byTimeEverythingGoesOnceTheLastEventIsOld() {
    fill(7);
    long last = machine.timeMs - 60_000;
    assertThat(point(HOUR_MS, -1, last + HOUR_MS)).isLessThan(7);
    assertThat(point(HOUR_MS, -1, last + HOUR_MS + 1)).isEqualTo(7);
  }

  @Test
  void anEventDatedInTheFuturePinsWhatFollowsIt() {
    fill(10);
    machine.append(P0, large(machine.timeMs + 10 * HOUR_MS));
    fill(20);
    assertThat(point(HOUR_MS, -1, machine.timeMs + 2 * HOUR_MS)).isBetween(5L, 10L);
  }

  @Test
  void oldDataThatIsLoadedTodayIsKeptFromTodayOn() {
    for (int i = 0; i < 20; i++) {
      machine.append(P0, large(5));
    }
    assertThat(point(HOUR_MS, -1, machine.timeMs + HOUR_MS)).isZero();
    assertThat(point(HOUR_MS, -1, machine.timeMs + HOUR_MS + 1)).isEqualTo(20);
  }

  @Test
  void whatIsPinnedByTimeStillGoesBySize() {
    machine.append(P0, large(machine.timeMs + 1000 * HOUR_MS));
    fill(30);
    assertThat(point(HOUR_MS, 2 * MIB, machine.timeMs)).isGreaterThan(15);
  }
}
