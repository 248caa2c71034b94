package io.flotilla.testing;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A topic that one test has for itself. Every call blocks. Safe for many threads. */
public final class TopicHandle {

  private final String name;
  private final int partitions;
  private final FlotillaClient client;
  private final Producer producer;

  TopicHandle(String name, int partitions, FlotillaClient client, Producer producer) {
    this.name = name;
    this.partitions = partitions;
    this.client = client;
    this.producer = producer;
  }

  /** Its name in the cluster, the test's prefix included. */
  public String name() {
    return name;
  }

  /** How many partitions it has. */
  public int partitions() {
    return partitions;
  }

  /** Publishes an event without key; its position, once it is acknowledged. */
  public Position publish(String value) {
    return publish(Event.of(value));
  }

  /** Publishes an event with a key; its position, once it is acknowledged. */
  public Position publish(String key, String value) {
    return publish(Event.of(key, value));
  }

  /** Publishes an event; its position, once it is acknowledged. */
  public Position publish(Event event) {
    return producer.publish(name, event).join();
  }

  /** All events so far: in order within each partition. */
  public List<ReceivedEvent> events() {
    List<ReceivedEvent> events = new ArrayList<>();
    try (Subscriber reader = client.subscribe(fromStart().untilEnd(true).build())) {
      reader.forEach(events::add);
    }
    return events;
  }

  /** Waits until there are so many events, and returns them; in order within each partition. */
  public List<ReceivedEvent> awaitEvents(int count, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    List<ReceivedEvent> events = new ArrayList<>();
    try (Subscriber reader = client.subscribe(fromStart().maxEvents(count).build())) {
      while (events.size() < count) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new AssertionError(
              "%s has %d events after %s, not %d: %s"
                  .formatted(name, events.size(), timeout, count, events));
        }
        events.addAll(reader.poll(Duration.ofNanos(left)));
      }
    }
    return events;
  }

  private SubscribeOptions.Builder fromStart() {
    return SubscribeOptions.builder().topic(name).from(StartPosition.earliest());
  }

  @Override
  public String toString() {
    return name;
  }
}
