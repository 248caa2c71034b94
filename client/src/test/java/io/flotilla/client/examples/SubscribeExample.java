package io.flotilla.client.examples;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;

/** Prints every event of the topic "orders", from the oldest to the newest. Arguments: servers. */
public final class SubscribeExample {

  private SubscribeExample() {}

  public static void main(String[] args) {
    SubscribeOptions options =
        SubscribeOptions.builder()
            .topic("orders")
            .from(StartPosition.earliest())
            .untilEnd(true)
            .build();
    try (FlotillaClient client = FlotillaClient.connect(args[0]);
        Subscriber subscriber = client.subscribe(options)) {
      subscriber.forEach(
          event -> System.out.println(event + " " + event.keyText() + ": " + event.valueText()));
      System.out.println("next: " + subscriber.positions());
    }
  }
}
