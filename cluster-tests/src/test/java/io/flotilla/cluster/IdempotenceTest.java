package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Batches;
import io.flotilla.cluster.workload.Refusal;
import io.flotilla.cluster.workload.ReplicaDump;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.OpenProducerRequest;
import io.flotilla.proto.v1.ProducerSession;
import io.flotilla.proto.v1.PublishRequest;
import io.flotilla.proto.v1.PublishResponse;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sequences are judged by the log, not by a leader's memory: with generated stubs only. */
class IdempotenceTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @Test
  void repeatedSequenceIsAnsweredWithTheFirstOffsetByTheNextLeader() {
    cluster.createTopic("orders", 1);
    ProducerSession producer = openProducer("");
    long first = publish("orders", producer, 0, "a").getPositions(0).getOffset();
    long second = publish("orders", producer, 1, "b").getPositions(0).getOffset();

    int killed = cluster.awaitLeader("orders", 0);
    cluster.kill(killed);
    cluster.awaitLeader("orders", 0);

    PublishResponse repeated = publish("orders", producer, 1, "b");
    assertThat(repeated.getDuplicate()).isTrue();
    assertThat(repeated.getPositions(0).getOffset()).isEqualTo(second);
    PublishResponse following = publish("orders", producer, 2, "c");
    assertThat(following.getDuplicate()).isFalse();

    cluster.start(killed);
    cluster.awaitReady();
    cluster.awaitCaughtUp();

    cluster
        .ids()
        .forEach(
            node ->
                assertThat(ReplicaDump.read(cluster.wire(node), "orders", 0))
                    .extracting(event -> event.getEvent().getValue().toStringUtf8())
                    .containsExactly("a", "b", "c"));
    assertThat(first).isZero();
  }

  @Test
  void gapIsRefusedAndNothingOfItIsWritten() {
    cluster.createTopic("gaps", 1);
    ProducerSession producer = openProducer("");
    publish("gaps", producer, 0, "a");

    Refusal refusal = Refusal.of(() -> publishOnce("gaps", producer, 5, "too early"));

    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_SEQUENCE_GAP);
    assertThat(publish("gaps", producer, 1, "b").getPositions(0).getOffset()).isEqualTo(1);
  }

  @Test
  void repetitionBeyondTheFiveRememberedBatchesIsToldAsSuch() {
    cluster.createTopic("old", 1);
    ProducerSession producer = openProducer("");
    for (int sequence = 0; sequence < 7; sequence++) {
      publish("old", producer, sequence, "event " + sequence);
    }

    Refusal refusal = Refusal.of(() -> publishOnce("old", producer, 0, "event 0"));

    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_DUPLICATE_TOO_OLD);
  }

  @Test
  void newerHolderOfAProducerNameFencesTheEarlier() {
    cluster.createTopic("fenced", 1);
    ProducerSession earlier = openProducer("billing");
    publish("fenced", earlier, 0, "a");
    ProducerSession later = openProducer("billing");
    assertThat(later.getProducerId()).isEqualTo(earlier.getProducerId());
    assertThat(later.getEpoch()).isGreaterThan(earlier.getEpoch());
    publish("fenced", later, 0, "b");

    Refusal refusal = Refusal.of(() -> publishOnce("fenced", earlier, 1, "c"));

    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_PRODUCER_FENCED);
  }

  private static ProducerSession openProducer(String name) {
    OpenProducerRequest request = OpenProducerRequest.newBuilder().setName(name).build();
    return Await.value(
        "a producer is opened",
        SOON,
        () -> Optional.of(cluster.anyWire().producer().openProducer(request).getProducer()));
  }

  /** Repeats the same sequence until it is answered, as any client may. */
  private static PublishResponse publish(
      String topic, ProducerSession producer, int sequence, String value) {
    return Await.value(
        "sequence " + sequence + " is acknowledged",
        SOON,
        () -> Optional.of(publishOnce(topic, producer, sequence, value)));
  }

  private static PublishResponse publishOnce(
      String topic, ProducerSession producer, int sequence, String value) {
    return cluster
        .anyWire()
        .producer()
        .publish(
            PublishRequest.newBuilder()
                .setTopic(topic)
                .setPartition(0)
                .setProducer(producer)
                .setFirstSequence(sequence)
                .addEvents(Batches.event("key", value))
                .build());
  }
}
