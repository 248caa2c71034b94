package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.cluster.harness.TestCluster;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More producers in one process than a node lets calls run on one connection. */
class ManyProducersTest {
  private static final int PRODUCERS = 1_100;
  private static final int PARTITIONS = 3;
  private static final long SECONDS_MAX = 90;

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  @Test
  void moreProducersThanCallsOnAConnectionAllPublish() throws Exception {
    cluster.createTopic("crowd", PARTITIONS);
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers())) {
      List<Producer> producers = new ArrayList<>();
      for (int i = 0; i < PRODUCERS; i++) {
        producers.add(client.producer());
      }
      // Each producer has a stream to each leader in the end.
      Set<Position> positions = new HashSet<>();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        List<CompletableFuture<Position>> answers = new ArrayList<>();
        for (Producer producer : producers) {
          answers.add(producer.publish("crowd", partition, Event.of("here")));
        }
        for (CompletableFuture<Position> answer : answers) {
          positions.add(answer.get(SECONDS_MAX, TimeUnit.SECONDS));
        }
      }
      assertThat(positions).hasSize(PARTITIONS * PRODUCERS);
    }
  }
}
