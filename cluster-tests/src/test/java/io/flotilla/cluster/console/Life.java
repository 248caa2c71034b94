package io.flotilla.cluster.console;

import io.flotilla.client.Admin;
import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupOptions;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.StartPosition;
import io.flotilla.client.TopicPartition;
import io.flotilla.cluster.harness.TestCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Something to look at: a topic of 500 events with ten keys, a group that left in the middle of it,
 * one with a member. Confined.
 */
final class Life implements AutoCloseable {
  private static final int EVENTS = 500;
  private static final int KEYS = 10;
  private static final Duration JOIN_MAX = Duration.ofSeconds(10);

  static final String TOPIC = "orders";
  static final int PARTITIONS = 6;

  /** The timestamp of the first event; each has one a millisecond later. */
  static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");

  /** An event, where it went, and the how manieth it was. */
  record Known(int partition, long offset, int number, String key) {}

  private final List<Known> known = new ArrayList<>();
  private final FlotillaClient client;
  private final GroupConsumer member;

  Life(TestCluster cluster) {
    client = FlotillaClient.connect(cluster.servers());
    Admin admin = client.admin();
    admin.createTopic(NewTopic.of(TOPIC, PARTITIONS));
    publish();
    Map<TopicPartition, Long> half = new HashMap<>();
    admin
        .listOffsets(TOPIC, StartPosition.latest())
        .forEach(
            end -> {
              Long offset = end.offset();
              if (offset != null) {
                half.put(new TopicPartition(TOPIC, end.partition()), offset / 2);
              }
            });
    admin.commitOffsets("billing", half);
    member =
        client.join(
            GroupOptions.builder()
                .group("mailers")
                .topics(TOPIC)
                .clientId("mailer-1")
                .from(StartPosition.earliest())
                .build());
    member.poll(JOIN_MAX);
    member.commit();
  }

  private void publish() {
    List<CompletableFuture<Position>> sent = new ArrayList<>();
    try (Producer producer = client.producer()) {
      for (int i = 0; i < EVENTS; i++) {
        String value = "{\"order\":%d,\"text\":\"Chloé liked your photo.\"}".formatted(i);
        Event event =
            Event.of("customer-" + i % KEYS, value)
                .withHeader("trace", "t-" + i)
                .withTimestamp(BEGAN.plusMillis(i));
        sent.add(producer.publish(TOPIC, event));
      }
    }
    for (int i = 0; i < EVENTS; i++) {
      Position at = sent.get(i).join();
      known.add(new Known(at.partition(), at.offset(), i, "customer-" + i % KEYS));
    }
  }

  /** Deletes a topic that was only for a while. */
  void forget(String topic) {
    client.admin().deleteTopic(topic);
  }

  /** All events of the topic. */
  List<Known> known() {
    return List.copyOf(known);
  }

  @Override
  public void close() {
    member.close();
    client.close();
  }
}
