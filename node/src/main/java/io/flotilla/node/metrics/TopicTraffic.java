package io.flotilla.node.metrics;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was published to a topic and delivered from it, as this node's partitions count it: each
 * batch where it is appended, each event where it is read. Additions only. Safe.
 */
public final class TopicTraffic {

  private final TrafficMeters meters;
  private final LongAdder publishedEvents = new LongAdder();
  private final LongAdder publishedBytes = new LongAdder();
  private final LongAdder deliveredEvents = new LongAdder();
  private final LongAdder deliveredBytes = new LongAdder();

  TopicTraffic(TrafficMeters meters) {
    this.meters = meters;
  }

  /** A batch was appended here, and has not been before. */
  public void published(int events, long bytes, long nanos) {
    publishedEvents.add(events);
    publishedBytes.add(bytes);
    meters.published(events, nanos);
  }

  /** Events go to a reader. */
  public void delivered(long events, long bytes) {
    deliveredEvents.add(events);
    deliveredBytes.add(bytes);
  }

  /** How old an event was, since it was appended, when it went to a reader who waited for it. */
  public void arrived(long ageMs) {
    meters.endToEnd().record(Math.max(0, ageMs), TimeUnit.MILLISECONDS);
  }

  Sum sum() {
    return new Sum(
        publishedEvents.sum(), publishedBytes.sum(), deliveredEvents.sum(), deliveredBytes.sum());
  }

  /** All of it at one moment. */
  record Sum(long publishedEvents, long publishedBytes, long deliveredEvents, long deliveredBytes) {

    static final Sum NONE = new Sum(0, 0, 0, 0);

    Sum plus(Sum other) {
      return new Sum(
          publishedEvents + other.publishedEvents,
          publishedBytes + other.publishedBytes,
          deliveredEvents + other.deliveredEvents,
          deliveredBytes + other.deliveredBytes);
    }

    Sum minus(Sum other) {
      return new Sum(
          publishedEvents - other.publishedEvents,
          publishedBytes - other.publishedBytes,
          deliveredEvents - other.deliveredEvents,
          deliveredBytes - other.deliveredBytes);
    }

    long bytes() {
      return publishedBytes + deliveredBytes;
    }
  }
}
