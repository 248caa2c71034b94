package io.flotilla.console.watch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last quarter of an hour in steps of five seconds, as far as somebody looked. Safe. */
final class History {

  /** A step is the last sample of its five seconds. */
  private static final long STEP_MS = 5_000;

  private static final int STEPS_MAX = 180;

  private final Deque<Point> points = new ArrayDeque<>();

  synchronized void add(Point point) {
    Point last = points.peekLast();
    if (last != null && last.atMs() / STEP_MS == point.atMs() / STEP_MS) {
      points.removeLast();
    }
    points.addLast(point);
    while (points.size() > STEPS_MAX) {
      points.removeFirst();
    }
  }

  /** Oldest first. */
  synchronized List<Point> points() {
    return List.copyOf(points);
  }
}
