package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.FaultProxy;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.harness.Wire;
import io.flotilla.cluster.workload.Batches;
import io.flotilla.cluster.workload.RawStream;
import io.flotilla.cluster.workload.ReplicaDump;
import io.flotilla.proto.v1.Ack;
import io.flotilla.proto.v1.OpenPublish;
import io.flotilla.proto.v1.ProducerSession;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishStreamResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A producer loses its connection in the middle, cannot know what was written, and sends again. */
class CutProducerTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int ROUNDS = 5;
  private static final int EVENTS_PER_ROUND = 200;
  private static final int UNANSWERED = 4;

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  @Test
  void javaProducerThatIsCutOffWritesEverythingOnce() {
    cluster.createTopic("cut-java", 1);
    try (FaultProxy proxy = FaultProxy.to(cluster.node(1).clientPort());
        FlotillaClient client = throughProxy(proxy);
        Producer producer = client.producer()) {
      List<CompletableFuture<Position>> answers = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < EVENTS_PER_ROUND; i++) {
          answers.add(producer.publish("cut-java", Event.of("key", "event " + answers.size())));
        }
        CompletableFuture<Position> firstOfRound = answers.get(round * EVENTS_PER_ROUND);
        Await.until("answers of the round come in", SOON, firstOfRound::isDone);
        if (round % 2 == 0) {
          proxy.cut();
        } else {
          proxy.halfOpen();
          proxy.cut();
        }
        proxy.heal();
      }
      producer.flush();

      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i)).isCompletedWithValueMatching(position -> position.offset() >= 0);
        assertThat(answers.get(i).join().offset()).isEqualTo(i);
      }
      System.out.println("cut producer: " + producer.stats());
    }
    assertHoldsEventsInOrder("cut-java", ROUNDS * EVENTS_PER_ROUND);
  }

  @Test
  void rawStreamThatIsResumedGetsTheFirstOffsets() {
    cluster.createTopic("cut-raw", 1);
    ProducerSession producer;
    int first;
    try (FaultProxy proxy = FaultProxy.to(cluster.node(1).clientPort());
        Wire wire = Wire.to(proxy.port());
        RawStream stream = RawStream.on(wire)) {
      producer = stream.open(OpenPublish.getDefaultInstance()).getProducer();
      first = writeUnanswered(proxy, stream);
      proxy.cut();
    }

    int end = first + UNANSWERED + 2;
    try (RawStream again = RawStream.on(cluster.wire(2))) {
      OpenPublish resume = OpenPublish.newBuilder().setResume(producer).build();
      assertThat(again.open(resume).getProducer()).isEqualTo(producer);
      for (int sequence = first; sequence < end; sequence++) {
        Ack ack = acknowledged(again, sequence);
        assertThat(ack.getDuplicate()).isEqualTo(sequence < first + UNANSWERED);
      }
    }
    assertHoldsEventsInOrder("cut-raw", end);
  }

  /**
   * Has batches written whose answers do not come; answers the first of them. A leadership that is
   * handed on meanwhile, as that of a new topic may be, refuses some: they are settled then, and
   * the next ones sent.
   */
  private static int writeUnanswered(FaultProxy proxy, RawStream stream) {
    acknowledged(stream, 0);
    for (int first = 1; first <= ROUNDS * UNANSWERED; first += UNANSWERED) {
      int end = first + UNANSWERED;
      proxy.halfOpen();
      IntStream.range(first, end).forEach(sequence -> stream.send(batch("cut-raw", sequence)));
      if (Await.holds(SOON.dividedBy(ROUNDS), () -> highWatermark("cut-raw") == end)) {
        return first;
      }
      proxy.heal();
      IntStream.range(first, end)
          .mapToObj(sequence -> stream.next())
          .filter(PublishStreamResponse::hasReject)
          .forEach(refused -> System.out.println("cut producer: " + refused.getReject()));
      IntStream.range(first, end).forEach(sequence -> acknowledged(stream, sequence));
    }
    throw new AssertionError("no batches were written without an answer in " + ROUNDS + " rounds");
  }

  private static Ack acknowledged(RawStream stream, int sequence) {
    PublishStreamResponse answer = stream.settle(batch("cut-raw", sequence));
    assertThat(answer.hasAck()).as("%s", answer).isTrue();
    assertThat(answer.getAck().getBatchId()).isEqualTo(sequence);
    assertThat(answer.getAck().getFirstOffset()).isEqualTo(sequence);
    return answer.getAck();
  }

  private static FlotillaClient throughProxy(FaultProxy proxy) {
    return FlotillaClient.builder("127.0.0.1:" + proxy.port()).routeToLeaders(false).build();
  }

  private static PublishBatch batch(String topic, int sequence) {
    return PublishBatch.newBuilder()
        .setBatchId(sequence)
        .setTopic(topic)
        .setPartition(0)
        .setFirstSequence(sequence)
        .setEncoded(Batches.plain(Batches.event("key", "event " + sequence)))
        .build();
  }

  private static long highWatermark(String topic) {
    return cluster.replicas().stream()
        .filter(replica -> replica.getTopic().equals(topic))
        .mapToLong(replica -> replica.getHighWatermark())
        .max()
        .orElse(-1);
  }

  private static void assertHoldsEventsInOrder(String topic, int count) {
    cluster.awaitCaughtUp();
    List<String> expected = IntStream.range(0, count).mapToObj(i -> "event " + i).toList();
    cluster
        .ids()
        .forEach(
            node ->
                assertThat(ReplicaDump.read(cluster.wire(node), topic, 0))
                    .extracting(event -> event.getEvent().getValue().toStringUtf8())
                    .isEqualTo(expected));
  }
}
