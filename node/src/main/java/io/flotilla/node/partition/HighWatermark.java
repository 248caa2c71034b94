package io.flotilla.node.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A replica's high watermark and who waits for it to pass an offset. Safe. Raised by the thread
 * that applies; raising signals, it never sends. logStartOffset ≤ highWatermark; both never fall.
 */
final class HighWatermark {

  /** Compared by identity: two readers may wait for the same offset. */
  private static final class Waiting {
    final long offset;
    final Runnable signal;

    Waiting(long offset, Runnable signal) {
      this.offset = offset;
      this.signal = signal;
    }
  }

  private volatile long highWatermark;
  private volatile long logStartOffset;
  private boolean closed; // guarded by this
  private final PriorityQueue<Waiting> waiting = // guarded by this
      new PriorityQueue<>((a, b) -> Long.compare(a.offset, b.offset));

  HighWatermark(long logStartOffset, long highWatermark) {
    this.logStartOffset = logStartOffset;
    this.highWatermark = highWatermark;
  }

  long value() {
    return highWatermark;
  }

  long logStartOffset() {
    return logStartOffset;
  }

  void advance(long newLogStartOffset, long newHighWatermark) {
    logStartOffset = Math.max(logStartOffset, newLogStartOffset);
    if (newHighWatermark > highWatermark) {
      highWatermark = newHighWatermark;
      signal();
    }
  }

  private void signal() {
    List<Runnable> due = new ArrayList<>();
    synchronized (this) { // guards waiting
      Waiting first = waiting.peek();
      while (first != null && (closed || first.offset < highWatermark)) {
        due.add(waiting.remove().signal);
        first = waiting.peek();
      }
    }
    due.forEach(Runnable::run);
  }

  /** Signals once when the watermark has passed the offset, or at the end; at once if it has. */
  Waiter await(long offset, Runnable signal) {
    Waiting entry = new Waiting(offset, signal);
    synchronized (this) { // guards waiting and closed
      if (!closed && offset >= highWatermark) {
        waiting.add(entry);
        return () -> forget(entry);
      }
    }
    signal.run();
    return () -> {};
  }

  private synchronized void forget(Waiting entry) { // guards waiting
    waiting.remove(entry);
  }

  void close() {
    synchronized (this) { // guards closed
      closed = true;
    }
    signal();
  }

  synchronized boolean closed() { // guards closed
    return closed;
  }
}
