package io.flotilla.node.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Bytes proposed and not yet applied, bounded: one for the node, one for each partition. Safe. */
final class InFlightBytes {

  private final long max;
  private long used; // guarded by this
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(); // guarded by this

  InFlightBytes(long max) {
    this.max = max;
  }

  /** Takes the bytes if there is room; a lone batch always finds room. */
  synchronized boolean tryTake(long bytes) { // guards used
    if (used > 0 && used + bytes > max) {
      return false;
    }
    used += bytes;
    return true;
  }

  synchronized long used() { // guards used
    return used;
  }

  void giveBack(long bytes) {
    List<Runnable> due = List.of();
    synchronized (this) { // guards used and waiting
      used -= bytes;
      if (used <= max / 2 && !waiting.isEmpty()) {
        due = new ArrayList<>(waiting);
        waiting.clear();
      }
    }
    due.forEach(Runnable::run);
  }

  /** Runs the signal once as soon as half of the bytes are free; at once if they are. */
  void awaitRoom(Runnable signal) {
    synchronized (this) { // guards used and waiting
      if (used > max / 2) {
        waiting.add(signal);
        return;
      }
    }
    signal.run();
  }
}
