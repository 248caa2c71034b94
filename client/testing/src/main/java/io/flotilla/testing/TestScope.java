package io.flotilla.testing;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Producer;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import io.flotilla.client.TopicDescription;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one test method, or the once-for-all part of one class, has for itself: a prefix of names,
 * and what was injected. Safe.
 */
final class TestScope {

  /** More than any answer of a node. */
  private static final int MESSAGE_BYTES_MAX = 16 << 20;

  private final FlotillaCluster cluster;
  private final TestNames names;
  private final Map<String, TopicHandle> topics = new LinkedHashMap<>();
  private @Nullable FlotillaClient client;
  private @Nullable Producer producer;
  private @Nullable ManagedChannel channel;

  TestScope(FlotillaCluster cluster, TestNames names) {
    this.cluster = cluster;
    this.names = names;
  }

  FlotillaCluster cluster() {
    return cluster;
  }

  TestNames names() {
    return names;
  }

  synchronized FlotillaClient client() {
    if (client == null) {
      client = FlotillaClient.builder(cluster.servers()).clientName("flotilla-testing").build();
    }
    return client;
  }

  synchronized Producer producer() {
    if (producer == null) {
      producer = client().producer();
    }
    return producer;
  }

  synchronized ManagedChannel channel() {
    if (channel == null) {
      channel =
          ManagedChannelBuilder.forTarget(cluster.node(1).server())
              .usePlaintext()
              .maxInboundMessageSize(MESSAGE_BYTES_MAX)
              .build();
    }
    return channel;
  }

  synchronized TopicHandle topic(String shortName, Topic wanted) {
    return topics.computeIfAbsent(
        shortName,
        name -> {
          TopicDescription made =
              client()
                  .admin()
                  .createTopic(
                      NewTopic.of(names.topic(name), wanted.partitions())
                          .withReplicationFactor(wanted.replicas()));
          cluster.topicMade();
          return new TopicHandle(made.name(), wanted.partitions(), client(), producer());
        });
  }

  GroupHandle group(String shortName) {
    return new GroupHandle(names.group(shortName), client().admin());
  }

  Subscriber reader(TopicHandle topic) {
    return client()
        .subscribe(
            SubscribeOptions.builder().topic(topic.name()).from(StartPosition.earliest()).build());
  }

  /** Closes what was injected. Topics stay: no other test has their names. */
  synchronized void close() {
    if (channel != null) {
      channel.shutdownNow();
    }
    if (client != null) {
      client.close();
    }
  }
}
