package io.flotilla.node.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InFlightBytesTest {

  private final InFlightBytes bytes = new InFlightBytes(100);

  @Test
  void beyondTheBoundNothingIsTaken() {
    assertThat(bytes.tryTake(60)).isTrue();
    assertThat(bytes.tryTake(60)).isFalse();

    bytes.giveBack(60);

    assertThat(bytes.tryTake(60)).isTrue();
  }

  @Test
  void aLoneBatchLargerThanTheBoundStillGoes() {
    assertThat(bytes.tryTake(1_000)).isTrue();
    assertThat(bytes.tryTake(1)).isFalse();
  }

  @Test
  void whoWaitsForRoomIsSignalledOnceWhenHalfIsFree() {
    AtomicInteger signals = new AtomicInteger();
    bytes.tryTake(40);
    bytes.tryTake(60);

    bytes.awaitRoom(signals::incrementAndGet);
    bytes.giveBack(40);
    assertThat(signals).hasValue(0);
    bytes.giveBack(60);
    bytes.giveBack(0);

    assertThat(signals).hasValue(1);
  }
}
