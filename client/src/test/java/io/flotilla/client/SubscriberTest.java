package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.toy.ToyCluster;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SubscriberTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private ToyCluster cluster = new ToyCluster(2);
  private FlotillaClient client = FlotillaClient.connect(cluster.servers());

  @BeforeEach
  void topic() {
    cluster.create("t", 2);
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  private void publish(int partition, int from, int count) {
    try (Producer producer = client.producer(ProducerOptions.builder().batchBytes(100).build())) {
      for (int i = from; i < from + count; i++) {
        var unused = producer.publish("t", partition, Event.of("k" + i, "v" + i));
      }
    }
  }

  private SubscribeOptions.Builder earliest() {
    return SubscribeOptions.builder().topic("t").from(StartPosition.earliest());
  }

  private static FlotillaClientException failure(Subscriber subscriber) {
    return catchThrowableOfType(
        FlotillaClientException.class,
        () -> {
          while (!subscriber.poll(LONG).isEmpty()) {
            // up to the failure
          }
        });
  }

  @Test
  void readsToTheEndAndStops() {
    publish(0, 0, 500);
    publish(1, 0, 100);
    List<ReceivedEvent> events = new ArrayList<>();
    try (Subscriber subscriber = client.subscribe(earliest().untilEnd(true).build())) {
      subscriber.forEach(events::add);
      assertThat(subscriber.atEnd()).isTrue();
      assertThat(subscriber.positions()).isEqualTo(Map.of(0, 500L, 1, 100L));
    }
    assertThat(events).hasSize(600);
    assertThat(events.stream().filter(e -> e.partition() == 0).map(ReceivedEvent::offset))
        .isSorted();
  }

  @Test
  void anEmptyTopicIsAtItsEnd() {
    try (Subscriber subscriber = client.subscribe(earliest().untilEnd(true).build())) {
      assertThat(subscriber.poll(LONG)).isEmpty();
      assertThat(subscriber.atEnd()).isTrue();
    }
  }

  @Test
  void latestDeliversWhatComesAfterSubscribing() {
    publish(0, 0, 10);
    SubscribeOptions options =
        SubscribeOptions.builder().topic("t").from(StartPosition.latest()).build();
    try (Subscriber subscriber = client.subscribe(options)) {
      publish(0, 10, 1);
      assertThat(subscriber.poll(LONG)).extracting(ReceivedEvent::valueText).containsExactly("v10");
    }
  }

  @Test
  void resumesInTheMiddleOfABatchAndStopsAfterMaxEvents() {
    publish(0, 0, 100);
    SubscribeOptions options =
        SubscribeOptions.builder()
            .topic("t")
            .partitions(0)
            .resume(Map.of(0, 43L))
            .maxEvents(5)
            .build();
    List<String> values = new ArrayList<>();
    try (Subscriber subscriber = client.subscribe(options)) {
      subscriber.forEach(event -> values.add(String.valueOf(event.valueText())));
      assertThat(subscriber.positions()).isEqualTo(Map.of(0, 48L));
    }
    assertThat(values).containsExactly("v43", "v44", "v45", "v46", "v47");
  }

  @Test
  void noneIsSkippedOrRepeatedWhenStreamsAreCut() {
    publish(0, 0, 2_000);
    List<Long> offsets = new ArrayList<>();
    try (Subscriber subscriber =
        client.subscribe(earliest().partitions(0).bufferBytes(500).build())) {
      while (offsets.size() < 2_000) {
        subscriber.poll(LONG).forEach(event -> offsets.add(event.offset()));
        if (offsets.size() % 300 < 10) {
          cluster.node(1).cutStreams();
          cluster.node(2).cutStreams();
        }
      }
    }
    for (int i = 0; i < 2_000; i++) {
      assertThat(offsets.get(i)).isEqualTo(i);
    }
  }

  @Test
  void creditComesBackInPiecesNotForEachBatch() {
    publish(0, 0, 2_000);
    int batches = cluster.stored("t", 0).size();
    assertThat(batches).isGreaterThan(400);
    List<ReceivedEvent> events = new ArrayList<>();
    try (Subscriber subscriber =
        client.subscribe(earliest().partitions(0).untilEnd(true).bufferBytes(20_000).build())) {
      subscriber.forEach(events::add);
    }
    assertThat(events).hasSize(2_000);
    assertThat(cluster.fetchRequests.get()).isLessThan(batches / 10);
  }

  @Test
  void aRestartedNodeIsReadOn() {
    publish(0, 0, 10);
    try (Subscriber subscriber = client.subscribe(earliest().partitions(0).build())) {
      int read = 0;
      while (read < 10) {
        read += subscriber.poll(LONG).size();
      }
      cluster.node(1).stop();
      cluster.node(1).start();
      publish(0, 10, 1);
      assertThat(subscriber.poll(LONG)).extracting(ReceivedEvent::offset).containsExactly(10L);
    }
  }

  @Test
  void damageSurfacesAfterTheEventsBeforeIt() {
    publish(0, 0, 100);
    cluster.damage("t", 0, 50);
    try (Subscriber subscriber = client.subscribe(earliest().partitions(0).build())) {
      FlotillaClientException damaged = failure(subscriber);
      assertThat(damaged.kind()).isEqualTo(Kind.DATA_LOSS);
      assertThat(damaged).hasMessageContaining("CRC-32C");
    }
  }

  @Test
  void whatNoRetryHealsSurfaces() {
    publish(0, 0, 100);
    cluster.trim("t", 0, 50);
    SubscribeOptions old =
        SubscribeOptions.builder().topic("t").partitions(0).from(StartPosition.offset(3)).build();
    try (Subscriber subscriber = client.subscribe(old)) {
      assertThat(failure(subscriber).reason())
          .isEqualTo(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
    }
    SubscribeOptions none =
        SubscribeOptions.builder().topic("none").from(StartPosition.earliest()).build();
    try (Subscriber subscriber = client.subscribe(none)) {
      assertThat(failure(subscriber).reason()).isEqualTo(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND);
    }
  }

  @Test
  void aTopicMadeAgainIsNotTakenForTheOldOne() {
    publish(0, 0, 5);
    try (Subscriber subscriber = client.subscribe(earliest().partitions(0).build())) {
      assertThat(subscriber.poll(LONG)).isNotEmpty();
      cluster.delete("t");
      cluster.create("t", 2);
      assertThat(failure(subscriber).reason())
          .isEqualTo(ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION);
    }
  }
}
