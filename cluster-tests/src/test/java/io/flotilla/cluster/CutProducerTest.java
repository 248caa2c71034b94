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
    try (FaultProxy proxy = FaultProxy.to(cluster.node(1).clientPort());
        Wire wire = Wire.to(proxy.port());
        RawStream stream = RawStream.on(wire)) {
      producer = stream.open(OpenPublish.getDefaultInstance()).getProducer();
      PublishStreamResponse first = stream.settle(batch("cut-raw", 0));
      assertThat(first.hasAck()).as("%s", first).isTrue();
      proxy.halfOpen();
      IntStream.range(1, 5).forEach(sequence -> stream.send(batch("cut-raw", sequence)));
      Await.until("the unanswered batches are written", SOON, () -> highWatermark("cut-raw") == 5);

      proxy.cut();
    }

    try (RawStream again = RawStream.on(cluster.wire(2))) {
      OpenPublish resume = OpenPublish.newBuilder().setResume(producer).build();
      assertThat(again.open(resume).getProducer()).isEqualTo(producer);
      for (int sequence = 1; sequence < 7; sequence++) {
        PublishStreamResponse answer = again.settle(batch("cut-raw", sequence));
        assertThat(answer.hasAck()).as("%s", answer).isTrue();
        Ack ack = answer.getAck();
        assertThat(ack.getBatchId()).isEqualTo(sequence);
        assertThat(ack.getFirstOffset()).isEqualTo(sequence);
        assertThat(ack.getDuplicate()).isEqualTo(sequence < 5);
      }
    }
    assertHoldsEventsInOrder("cut-raw", 7);
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
