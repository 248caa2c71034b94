package io.flotilla.node.disk;

import static io.flotilla.node.disk.DiskState.FULL;
import static io.flotilla.node.disk.DiskState.NORMAL;
import static io.flotilla.node.disk.DiskState.WARN;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.config.DiskConfig;
import org.junit.jupiter.api.Test;

class WatermarksTest {

  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;
  private static final DiskConfig CONFIG = DiskConfig.defaults();

  @Test
  void sharesHoldOnDisksOfMiddleSize() {
    assertThat(CONFIG.warnBelow(100 * GIB)).isBetween(14 * GIB, 15 * GIB);
    assertThat(CONFIG.refuseBelow(100 * GIB)).isBetween(4 * GIB, 5 * GIB);
    assertThat(CONFIG.reserve(100 * GIB)).isEqualTo(64 * MIB);
  }

  @Test
  void largeDisksAreCapped() {
    assertThat(CONFIG.warnBelow(10_000 * GIB)).isEqualTo(20 * GIB);
    assertThat(CONFIG.refuseBelow(10_000 * GIB)).isEqualTo(5 * GIB);
  }

  @Test
  void smallDisksKeepWhatANodeMayHaveInFlightButNotMoreThanAnEighth() {
    assertThat(CONFIG.refuseBelow(3 * GIB)).isEqualTo(256 * MIB);
    assertThat(CONFIG.refuseBelow(400 * MIB)).isEqualTo(50 * MIB);
    assertThat(CONFIG.warnBelow(400 * MIB)).isEqualTo(75 * MIB);
    assertThat(CONFIG.reserve(400 * MIB)).isEqualTo(25 * MIB);
  }

  @Test
  void writesAreAcceptedAgainOnlyWithOneAndAHalfTimesTheSpace() {
    assertThat(state(NORMAL, 51)).isEqualTo(WARN);
    assertThat(state(WARN, 49)).isEqualTo(FULL);
    assertThat(state(FULL, 51)).isEqualTo(FULL);
    assertThat(state(FULL, 74)).isEqualTo(FULL);
    assertThat(state(FULL, 75)).isEqualTo(WARN);
    assertThat(state(FULL, 200)).isEqualTo(NORMAL);
  }

  @Test
  void aWarningEndsATenthAboveWhereItBegan() {
    assertThat(state(NORMAL, 76)).isEqualTo(NORMAL);
    assertThat(state(NORMAL, 74)).isEqualTo(WARN);
    assertThat(state(WARN, 76)).isEqualTo(WARN);
    assertThat(state(WARN, 83)).isEqualTo(NORMAL);
  }

  @Test
  void zeroSwitchesTheGuardOff() {
    DiskConfig off = new DiskConfig(0, 0, 0, 0, 0, 0);
    assertThat(new Watermarks(off).next(NORMAL, 0, 400 * MIB).state()).isEqualTo(NORMAL);
    assertThat(off.validate()).isEmpty();
  }

  private static DiskState state(DiskState before, long freeMib) {
    return new Watermarks(CONFIG).next(before, freeMib * MIB, 400 * MIB).state();
  }
}
