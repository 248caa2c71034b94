package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WakeTest {
  private final Wake wake = new Wake("a test");

  @Test
  void aCallBetweenTwoWaitsEndsTheNextOne() throws Exception {
    wake.signal();

    assertThat(wake.await(1, TimeUnit.DAYS)).isTrue();
  }

  @Test
  void manyCallsEndOneWait() throws Exception {
    wake.signal();
    wake.signal();
    wake.await();

    assertThat(wake.await(1, TimeUnit.MILLISECONDS)).isFalse();
  }

  @Test
  void noTimeIsNoWait() throws Exception {
    assertThat(wake.await(0, TimeUnit.DAYS)).isFalse();
    assertThat(wake.await(-1, TimeUnit.DAYS)).isFalse();
  }
}
