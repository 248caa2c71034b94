package io.flotilla.client.examples;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Publishes ten events to the topic "orders" and prints where they went. Arguments: servers. */
public final class PublishExample {

  private PublishExample() {}

  public static void main(String[] args) {
    try (FlotillaClient client = FlotillaClient.connect(args[0]);
        Producer producer = client.producer()) {
      List<CompletableFuture<Position>> sent = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        sent.add(producer.publish("orders", Event.of("customer-" + i % 3, "order " + i)));
      }
      for (CompletableFuture<Position> future : sent) {
        Position position = future.join();
        System.out.println("orders-" + position.partition() + "@" + position.offset());
      }
    }
  }
}
