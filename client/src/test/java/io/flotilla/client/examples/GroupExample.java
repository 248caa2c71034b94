package io.flotilla.client.examples;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupOptions;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.StartPosition;
import java.time.Duration;

/** Processes the topic "orders" as one of "billing", until no more comes. Arguments: servers. */
public final class GroupExample {

  private GroupExample() {}

  public static void main(String[] args) {
    GroupOptions options =
        GroupOptions.builder()
            .group("billing")
            .topics("orders")
            .from(StartPosition.earliest())
            .build();
    try (FlotillaClient client = FlotillaClient.connect(args[0]);
        GroupConsumer consumer = client.join(options)) {
      var events = consumer.poll(Duration.ofSeconds(5));
      while (!events.isEmpty()) {
        for (ReceivedEvent event : events) {
          System.out.println(event + " " + event.keyText() + ": " + event.valueText());
        }
        consumer.commit(); // they are processed: nobody gets them again
        events = consumer.poll(Duration.ofSeconds(5));
      }
      System.out.println("next: " + consumer.positions());
    }
  }
}
