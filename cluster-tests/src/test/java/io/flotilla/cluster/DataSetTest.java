package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Compression;
import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.PartitionOffsetInfo;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerOptions;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.FileChanges;
import io.flotilla.cluster.workload.Seeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real data set goes in and comes out again: equal, in order by key, and found by time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DataSetTest {
  private static final String TOPIC = "file-changes";
  private static final int PARTITIONS = 6;
  private static final int TIMES = 50;

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  private final List<Event> published = FileChanges.load();
  private final Map<Integer, List<ReceivedEvent>> received = new TreeMap<>();

  @BeforeAll
  void publishEverythingAndReadItBack() {
    cluster.createTopic(TOPIC, PARTITIONS);
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers())) {
      long begin = System.nanoTime();
      int third = published.size() / 3;
      List<Position> positions = new ArrayList<>();
      positions.addAll(publish(client, Compression.ZSTD, published.subList(0, third)));
      positions.addAll(publish(client, Compression.LZ4, published.subList(third, 2 * third)));
      positions.addAll(
          publish(client, Compression.NONE, published.subList(2 * third, published.size())));
      assertThat(positions).doesNotHaveDuplicates().hasSameSizeAs(published);
      System.out.printf("published %d events in %d ms%n", published.size(), millisSince(begin));

      begin = System.nanoTime();
      try (Subscriber subscriber = client.subscribe(everything())) {
        subscriber.forEach(
            event ->
                received.computeIfAbsent(event.partition(), p -> new ArrayList<>()).add(event));
      }
      System.out.printf("read them back in %d ms%n", millisSince(begin));
    }
  }

  @Test
  void everyEventComesBackEqualAndInOrderByKey() {
    Map<String, List<String>> out = new LinkedHashMap<>();
    received.values().stream()
        .flatMap(List::stream)
        .forEach(event -> byKey(out, event.keyText(), event.valueText(), event.timestamp()));
    Map<String, List<String>> in = new LinkedHashMap<>();
    published.forEach(
        event ->
            byKey(
                in,
                FileChanges.text(event.key()),
                FileChanges.text(event.value()),
                event.timestamp()));

    assertThat(out).isEqualTo(in);
    assertThat(in).hasSize(FileChanges.KEYS);
  }

  @Test
  void offsetsHaveNoGaps() {
    assertThat(received).hasSize(PARTITIONS);
    received.forEach(
        (partition, events) -> {
          for (int offset = 0; offset < events.size(); offset++) {
            assertThat(events.get(offset).offset()).isEqualTo(offset);
          }
        });
  }

  @Test
  void timesAreFoundAsByReadingEverything() {
    Random random = new Random(Seeds.next("DataSetTest"));
    List<Instant> times =
        published.stream()
            .map(event -> Objects.requireNonNull(event.timestamp()))
            .sorted()
            .toList();
    long first = times.get(0).toEpochMilli();
    long last = times.get(times.size() - 1).toEpochMilli();
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers())) {
      for (int i = 0; i < TIMES; i++) {
        // A little beyond both ends, so that "everything" and "nothing" are asked for, too.
        long time = first - 1_000 + (long) (random.nextDouble() * (last - first + 2_000));
        assertThat(found(client, time)).as("time %d", time).isEqualTo(naive(time));
      }
      assertThat(found(client, last + 1)).isEqualTo(naive(last + 1));
      assertThat(found(client, last)).isEqualTo(naive(last));
      assertThat(found(client, 0)).isEqualTo(naive(0));
    }
  }

  /** Per partition the first event that is not before the time, written out as text. */
  private Map<Integer, String> naive(long time) {
    Map<Integer, String> answer = new TreeMap<>();
    received.forEach(
        (partition, events) ->
            answer.put(
                partition,
                events.stream()
                    .filter(event -> event.timestamp().toEpochMilli() >= time)
                    .findFirst()
                    .map(event -> event.offset() + " at " + event.timestamp())
                    .orElse("none")));
    return answer;
  }

  private static Map<Integer, String> found(FlotillaClient client, long time) {
    return client
        .admin()
        .listOffsets(TOPIC, StartPosition.time(Instant.ofEpochMilli(time)))
        .stream()
        .collect(
            Collectors.toMap(
                PartitionOffsetInfo::partition,
                info -> info.offset() == null ? "none" : info.offset() + " at " + info.timestamp(),
                (a, b) -> "twice",
                TreeMap::new));
  }

  private static List<Position> publish(
      FlotillaClient client, Compression compression, List<Event> events) {
    ProducerOptions options = ProducerOptions.builder().compression(compression).build();
    try (Producer producer = client.producer(options)) {
      List<CompletableFuture<Position>> answers =
          events.stream().map(event -> producer.publish(TOPIC, event)).toList();
      return answers.stream().map(CompletableFuture::join).toList();
    }
  }

  private static SubscribeOptions everything() {
    return SubscribeOptions.builder()
        .topic(TOPIC)
        .from(StartPosition.earliest())
        .untilEnd(true)
        .build();
  }

  private static void byKey(
      Map<String, List<String>> keys,
      @Nullable Object key,
      @Nullable Object value,
      @Nullable Object timestamp) {
    keys.computeIfAbsent(String.valueOf(key), k -> new ArrayList<>()).add(timestamp + " " + value);
  }

  private static long millisSince(long begin) {
    return (System.nanoTime() - begin) / 1_000_000;
  }
}
