package io.flotilla.node.raft;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers for requests to Ratis: never used twice in a process, since Ratis would answer the second
 * with the outcome of the first.
 */
final class CallIds {
  private static final AtomicLong NEXT = new AtomicLong(1);

  private CallIds() {}

  static long next() {
    return NEXT.getAndIncrement();
  }
}
