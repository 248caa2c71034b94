package io.flotilla.client.internal;

import io.grpc.Status;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The pause before the next attempt: doubles, has a ceiling, and is spread so that clients do not
 * march in step.
 */
final class Backoff {

  static final long FIRST_MS = 20;
  static final long LAST_MS = 1_000;

  /** An election takes a second or so: until then it is asked for the leader this often. */
  static final long ELECTION_MS = 100;

  /** And this many times, about three seconds. */
  static final int ELECTION_ATTEMPTS = 40;

  private Backoff() {}

  /**
   * The pause after this many failures in a row, at least 1.
   *
   * @param atLeastMs what the server asked for, or 0
   */
  static long pauseMs(int failures, long atLeastMs) {
    long full = Math.min(LAST_MS, FIRST_MS << Math.min(failures - 1, 10));
    return atLeastMs + spread(full);
  }

  /**
   * The pause before a partition's leader is asked for again. One that was UNAVAILABLE is most
   * likely being replaced: it is asked for steadily for a while, so that writes resume when the
   * election ends and not when a long pause does.
   */
  static long pauseMs(int failures, Refusal refusal) {
    if (refusal.code() != Status.Code.UNAVAILABLE) {
      return pauseMs(failures, refusal.retryAfterMs());
    }
    if (failures > ELECTION_ATTEMPTS) {
      return ELECTION_MS + pauseMs(failures - ELECTION_ATTEMPTS, refusal.retryAfterMs());
    }
    long full = Math.min(ELECTION_MS, FIRST_MS << Math.min(failures - 1, 10));
    return refusal.retryAfterMs() + spread(full);
  }

  private static long spread(long full) {
    return full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1);
  }
}
