package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.toy.ToyCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KeylessSpreadTest {

  @Test
  void eventsWithoutKeysFillAllPartitionsUnderLoad() {
    byte[] value = new byte[1000];
    List<CompletableFuture<Position>> sent = new ArrayList<>();
    try (ToyCluster cluster = new ToyCluster(1);
        FlotillaClient client = FlotillaClient.connect(cluster.servers())) {
      cluster.create("t", 3);
      try (Producer producer =
          client.producer(ProducerOptions.builder().batchBytes(16 << 10).build())) {
        for (int i = 0; i < 10_000; i++) {
          sent.add(producer.publish("t", Event.of(null, value)));
        }
      }
    }

    Map<Integer, Long> byPartition =
        sent.stream()
            .map(future -> future.orTimeout(20, TimeUnit.SECONDS).join())
            .collect(Collectors.groupingBy(Position::partition, Collectors.counting()));

    assertThat(byPartition.values()).hasSize(3).allMatch(count -> count > 1_500);
  }
}
