package io.flotilla.cli.publish;

import io.flotilla.client.Position;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the cluster answered and keeps the first failure. Safe: told by the client's threads,
 * asked by the command's.
 */
final class Tally {

  /** The first event that was not acknowledged. */
  record FirstFailure(long line, Throwable cause) {}

  private final BitSet partitions = new BitSet();
  private @Nullable Position last;
  private long acknowledged;
  private long failed;
  private @Nullable FirstFailure first;

  synchronized void answered(long line, @Nullable Position position, @Nullable Throwable failure) {
    if (failure != null) {
      failed++;
      if (first == null || line < first.line()) {
        first = new FirstFailure(line, failure);
      }
    } else if (position != null) {
      acknowledged++;
      last = position;
      partitions.set(position.partition());
    }
  }

  synchronized long acknowledged() {
    return acknowledged;
  }

  /** Where the event is, when there was one only. */
  synchronized @Nullable Position only() {
    return acknowledged == 1 ? last : null;
  }

  synchronized long failed() {
    return failed;
  }

  synchronized int partitions() {
    return partitions.cardinality();
  }

  synchronized @Nullable FirstFailure firstFailure() {
    return first;
  }
}
