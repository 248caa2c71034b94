package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.toy.ToyCluster;
import io.flotilla.client.toy.ToyCluster.Fault;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProducerTest {

  private ToyCluster cluster = new ToyCluster(2);
  private FlotillaClient client = FlotillaClient.connect(cluster.servers());

  @BeforeEach
  void topic() {
    cluster.create("t", 3);
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  private static Position get(CompletableFuture<Position> future) {
    return Objects.requireNonNull(future.orTimeout(20, TimeUnit.SECONDS).join());
  }

  private static FlotillaClientException failure(CompletableFuture<Position> future) {
    try {
      future.orTimeout(20, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      return (FlotillaClientException) Objects.requireNonNull(e.getCause());
    }
    throw new AssertionError("it succeeded");
  }

  private List<String> values(int partition) {
    List<String> values = new ArrayList<>();
    SubscribeOptions options =
        SubscribeOptions.builder()
            .topic("t")
            .partitions(partition)
            .from(StartPosition.earliest())
            .untilEnd(true)
            .build();
    try (Subscriber subscriber = client.subscribe(options)) {
      subscriber.forEach(event -> values.add(String.valueOf(event.valueText())));
    }
    return values;
  }

  @Test
  void aMissingTopicIsCreatedOnlyWhereNodesAreForDevelopment() {
    try (Producer producer = client.producer()) {
      assertThat(failure(producer.publish("new", Event.of("a"))).reason())
          .isEqualTo(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND);
      cluster.topicAutoCreate = true;
      assertThat(get(producer.publish("new", Event.of("a"))))
          .isEqualTo(new Position("new", 0, 0, false));
      assertThat(get(producer.publish("new", Event.of("b"))))
          .isEqualTo(new Position("new", 0, 1, false));
    }
  }

  @Test
  void publishesAndSaysWhere() {
    try (Producer producer = client.producer()) {
      Position first = get(producer.publish("t", 1, Event.of("a")));
      Position second = get(producer.publish("t", 1, Event.of("b")));
      assertThat(first).isEqualTo(new Position("t", 1, 0, false));
      assertThat(second).isEqualTo(new Position("t", 1, 1, false));
    }
    assertThat(cluster.direct.get()).isPositive();
  }

  @Test
  void gathersWhileABatchIsUnderWay() {
    cluster.answerDelayMs = 50;
    try (Producer producer = client.producer()) {
      List<CompletableFuture<Position>> sent = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        sent.add(producer.publish("t", 0, Event.of("v" + i)));
      }
      producer.flush();
      assertThat(sent).allMatch(CompletableFuture::isDone);
      assertThat(get(sent.get(999)).offset()).isEqualTo(999);
    }
    assertThat(cluster.stored("t", 0).size()).isLessThan(10);
  }

  @Test
  void batchesOfEveryCompressionAreReadBack() {
    for (Compression kind : Compression.values()) {
      ProducerOptions options = ProducerOptions.builder().compression(kind).build();
      try (Producer producer = client.producer(options)) {
        get(producer.publish("t", 2, Event.of("k", "value ".repeat(200) + kind)));
      }
    }
    assertThat(values(2)).hasSize(3).allMatch(value -> value.startsWith("value value"));
  }

  @Test
  void anAckLostIsNotWrittenTwice() {
    try (Producer producer = client.producer()) {
      get(producer.publish("t", 0, Event.of("before")));
      cluster.next(new Fault.WriteAndCut());
      Position position = get(producer.publish("t", 0, Event.of("once")));
      assertThat(position).isEqualTo(new Position("t", 0, 1, true));
      cluster.next(new Fault.WriteAndSayUnknown());
      assertThat(get(producer.publish("t", 0, Event.of("again"))).offset()).isEqualTo(2);
      assertThat(producer.stats().duplicates()).isEqualTo(2);
    }
    assertThat(values(0)).containsExactly("before", "once", "again");
  }

  @Test
  void aFatalRefusalFailsItsEventsOnlyAndLeavesNoHole() {
    cluster.answerDelayMs = 30;
    ProducerOptions small = ProducerOptions.builder().batchBytes(20).build();
    try (Producer producer = client.producer(small)) {
      get(producer.publish("t", 0, Event.of("first-----------")));
      cluster.next(new Fault.Refuse(ErrorReason.ERROR_REASON_DISK_FULL));
      List<CompletableFuture<Position>> sent = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        sent.add(producer.publish("t", 0, Event.of("event-----------" + i)));
      }
      FlotillaClientException refused = failure(sent.get(0));
      assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
      assertThat(refused.reason()).isEqualTo(ErrorReason.ERROR_REASON_DISK_FULL);
      for (int i = 1; i < 8; i++) {
        assertThat(get(sent.get(i)).offset()).isEqualTo(i);
      }
    }
    assertThat(values(0)).hasSize(8).last().isEqualTo("event-----------7");
  }

  @Test
  void followsTheLeader() {
    try (Producer producer = client.producer()) {
      get(producer.publish("t", 0, Event.of("a")));
      cluster.lead(2);
      assertThat(get(producer.publish("t", 0, Event.of("b"))).offset()).isEqualTo(1);
      cluster.node(1).stop();
      assertThat(get(producer.publish("t", 0, Event.of("c"))).offset()).isEqualTo(2);
    }
  }

  @Test
  void survivesARestartOfTheOnlyNodeThatLeads() {
    try (Producer producer = client.producer()) {
      get(producer.publish("t", 0, Event.of("a")));
      cluster.node(1).stop();
      CompletableFuture<Position> waiting = producer.publish("t", 0, Event.of("b"));
      cluster.node(1).start();
      assertThat(get(waiting).offset()).isEqualTo(1);
    }
  }

  @Test
  void anUnknownOutcomeIsSaidAndWhatFollowsHasAFreshIdentity() {
    ProducerOptions hasty =
        ProducerOptions.builder().deliveryTimeout(Duration.ofMillis(400)).build();
    try (Producer producer = client.producer(hasty)) {
      get(producer.publish("t", 0, Event.of("a")));
      cluster.next(new Fault.Swallow());
      FlotillaClientException unknown = failure(producer.publish("t", 0, Event.of("b")));
      assertThat(unknown.kind()).isEqualTo(Kind.UNKNOWN);
      assertThat(get(producer.publish("t", 0, Event.of("c"))).duplicate()).isFalse();
    }
    assertThat(values(0)).containsExactly("a", "b", "c");
    assertThat(cluster.stored("t", 0).get(2).getProducerId())
        .isNotEqualTo(cluster.stored("t", 0).get(1).getProducerId());
  }

  @Test
  void nobodyThereIsSaidToBeUnreachable() {
    ProducerOptions hasty =
        ProducerOptions.builder().deliveryTimeout(Duration.ofMillis(600)).build();
    try (Producer producer = client.producer(hasty)) {
      get(producer.publish("t", 0, Event.of("a")));
      cluster.node(1).stop();
      cluster.node(2).stop();
      // This one may still go onto the connection that is about to be noticed as lost.
      failure(producer.publish("t", 0, Event.of("b")));
      FlotillaClientException lost = failure(producer.publish("t", 0, Event.of("c")));
      assertThat(lost.kind()).isIn(Kind.UNREACHABLE, Kind.RETRY);
    }
  }

  @Test
  void aNamedProducerIsFencedByTheNextOne() {
    ProducerOptions named = ProducerOptions.builder().name("billing").build();
    Producer old = client.producer(named);
    get(old.publish("t", 0, Event.of("a")));
    Producer next = client.producer(named);
    get(next.publish("t", 0, Event.of("b")));
    FlotillaClientException fenced = failure(old.publish("t", 0, Event.of("c")));
    assertThat(fenced.reason()).isEqualTo(ErrorReason.ERROR_REASON_PRODUCER_FENCED);
    assertThat(failure(old.publish("t", 1, Event.of("d"))).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_PRODUCER_FENCED);
    assertThat(values(0)).containsExactly("a", "b");
  }

  @Test
  void aFullBufferBlocksAndThenSaysSo() {
    cluster.answerDelayMs = 5_000;
    ProducerOptions tight =
        ProducerOptions.builder().bufferBytes(300).maxBlock(Duration.ofMillis(50)).build();
    Producer producer = client.producer(tight);
    CompletableFuture<Position> unused = producer.publish("t", 0, Event.of("x".repeat(150)));
    FlotillaClientException full = failure(producer.publish("t", 0, Event.of("x".repeat(150))));
    assertThat(full).hasMessageContaining("buffer of 300 bytes stayed full");
    assertThat(unused).isNotDone();
    cluster.answerDelayMs = 0;
  }

  @Test
  void badEventsAndTopicsAreRefusedAtOnce() {
    try (Producer producer = client.producer()) {
      assertThat(failure(producer.publish("none", Event.of("a"))).reason())
          .isEqualTo(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND);
      assertThat(failure(producer.publish("t", 3, Event.of("a"))).reason())
          .isEqualTo(ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND);
      assertThat(failure(producer.publish("t", Event.of(new byte[70_000], null))))
          .hasMessageContaining("the key has 70000 bytes");
    }
  }

  @Test
  void goesElsewhereWhenAsked() {
    try (Producer producer = client.producer()) {
      get(producer.publish("t", 0, Event.of("a")));
      cluster.node(1).sayGoAway();
      cluster.lead(2);
      for (int i = 0; i < 50; i++) {
        get(producer.publish("t", 0, Event.of("b" + i)));
      }
    }
    assertThat(values(0)).hasSize(51);
  }

  @Test
  void everyAcknowledgedEventIsThereOnceInOrderUnderFaults() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    cluster.answerDelayMs = 2;
    cluster.chance =
        () -> {
          synchronized (random) { // guards the sequence of random numbers
            return switch (random.nextInt(18)) {
              case 0 -> new Fault.Refuse(ErrorReason.ERROR_REASON_LEADER_UNKNOWN);
              case 1 -> new Fault.WriteAndCut();
              case 2 -> new Fault.Cut();
              case 3 -> new Fault.WriteAndSayUnknown();
              case 4 -> new Fault.Refuse(ErrorReason.ERROR_REASON_THROTTLED);
              case 5 -> new Fault.Refuse(ErrorReason.ERROR_REASON_DISK_FULL);
              default -> null;
            };
          }
        };
    ProducerOptions options = ProducerOptions.builder().batchBytes(120).build();
    Map<String, CompletableFuture<Position>> sent = new HashMap<>();
    List<List<String>> order = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    try (Producer producer = client.producer(options)) {
      for (int i = 0; i < 1_500; i++) {
        String value = "v" + i;
        sent.put(value, producer.publish("t", i % 3, Event.of(value)));
        order.get(i % 3).add(value);
      }
      producer.flush();
      System.out.println(producer.stats());
    }
    cluster.chance = () -> null;
    for (int p = 0; p < 3; p++) {
      judge(order.get(p), sent, values(p));
    }
  }

  /** Acknowledged: once, at its offset. Refused: nowhere. Unknown: at most once. Order as sent. */
  private void judge(
      List<String> order, Map<String, CompletableFuture<Position>> sent, List<String> log) {
    assertThat(log).doesNotHaveDuplicates();
    assertThat(log).isSubsetOf(order);
    List<String> expected = new ArrayList<>(order);
    expected.retainAll(new java.util.HashSet<>(log));
    assertThat(log).isEqualTo(expected);
    for (String value : order) {
      CompletableFuture<Position> future = sent.get(value);
      if (future == null) {
        throw new AssertionError(value);
      }
      if (!future.isCompletedExceptionally()) {
        long offset = future.join().offset();
        assertThat(log).contains(value);
        if (offset != Position.OFFSET_UNKNOWN) {
          assertThat(log.get((int) offset)).isEqualTo(value);
        }
      } else if (failure(future).kind() != Kind.UNKNOWN) {
        assertThat(log).doesNotContain(value);
      }
    }
  }
}
