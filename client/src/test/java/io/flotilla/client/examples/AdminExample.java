package io.flotilla.client.examples;

import io.flotilla.client.Admin;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.NewTopic;
import io.flotilla.proto.types.v1.ErrorReason;

/** Creates the topic "orders" unless it exists, and prints all topics. Arguments: servers. */
public final class AdminExample {

  private AdminExample() {}

  public static void main(String[] args) {
    try (FlotillaClient client = FlotillaClient.connect(args[0])) {
      Admin admin = client.admin();
      try {
        admin.createTopic(NewTopic.of("orders", 6));
      } catch (FlotillaClientException e) {
        if (e.reason() != ErrorReason.ERROR_REASON_TOPIC_EXISTS) {
          throw e;
        }
      }
      admin
          .listTopics()
          .forEach(t -> System.out.println(t.name() + ": " + t.partitionCount() + " partitions"));
      System.out.println("nodes: " + admin.describeCluster(false).nodes().size());
    }
  }
}
