package io.flotilla.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static Refusal refusal(Status.Code code) {
    return RefusalReader.read(code.toStatus(), null);
  }

  @Test
  void anOverloadedServerIsAskedEverMoreSeldom() {
    Refusal overloaded = refusal(Status.Code.RESOURCE_EXHAUSTED);

    assertThat(Backoff.pauseMs(1, overloaded)).isBetween(1L, Backoff.FIRST_MS);
    assertThat(Backoff.pauseMs(20, overloaded)).isBetween(Backoff.LAST_MS / 2, Backoff.LAST_MS);
  }

  @Test
  void aLeaderThatIsBeingElectedIsAskedForSteadilyAndThenSeldom() {
    Refusal leaderless = refusal(Status.Code.UNAVAILABLE);

    for (int failures = 1; failures <= Backoff.ELECTION_ATTEMPTS; failures++) {
      assertThat(Backoff.pauseMs(failures, leaderless)).isBetween(1L, Backoff.ELECTION_MS);
    }
    assertThat(Backoff.pauseMs(100, leaderless)).isGreaterThan(Backoff.LAST_MS / 2);
  }
}
