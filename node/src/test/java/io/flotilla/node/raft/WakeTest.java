package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WakeTest {
  private static final long FOR_EVER = Long.MAX_VALUE;

  private final AtomicLong leftMs = new AtomicLong(FOR_EVER);

  @Test
  void whatCameBeforeTheWaitIsNotWaitedFor() throws Exception {
    Wake wake = new Wake("a test", leftMs::get);
    leftMs.set(0);
    wake.signal();

    assertThat(wake.await(1, TimeUnit.DAYS)).isTrue();
  }

  @Test
  void whatComesBehindTheLastLookIsNotWaitedFor() throws Exception {
    AtomicLong looks = new AtomicLong();
    Wake[] wakes = new Wake[1];
    wakes[0] =
        new Wake(
            "a test",
            () -> {
              looks.incrementAndGet();
              wakes[0].signal();
              return FOR_EVER;
            });

    assertThat(wakes[0].await(1, TimeUnit.DAYS)).isTrue();
    assertThat(looks).hasValue(1);
  }

  @Test
  void aCallThatHasBeenServedEndsNoWait() throws Exception {
    Wake wake = new Wake("a test", leftMs::get);
    wake.signal();

    assertThat(wake.await(1, TimeUnit.MILLISECONDS)).isFalse();
  }

  @Test
  void whatIsDueSoonerEndsTheWait() throws Exception {
    Wake wake = new Wake("a test", leftMs::get);
    leftMs.set(1);

    assertThat(wake.await(1, TimeUnit.DAYS)).isFalse();
  }

  @Test
  void noTimeIsNoWait() throws Exception {
    Wake wake = new Wake("a test", leftMs::get);

    assertThat(wake.await(0, TimeUnit.DAYS)).isFalse();
    assertThat(wake.await(-1, TimeUnit.DAYS)).isFalse();
  }
}
