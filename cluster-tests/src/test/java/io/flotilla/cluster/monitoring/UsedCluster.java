package io.flotilla.cluster.monitoring;

import com.google.protobuf.ByteString;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupOptions;
import io.flotilla.client.Producer;
import io.flotilla.client.StartPosition;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.CommitOffsetsRequest;
import io.flotilla.proto.v1.OffsetCommit;
import io.flotilla.proto.v1.PublishRequest;
import io.flotilla.proto.v1.SubscribeRequest;
import io.flotilla.proto.v1.SubscribeResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What a cluster is used for, so that there is something to measure. Stateless. */
final class UsedCluster {
  private static final ByteString VALUE = ByteString.copyFrom(new byte[1_000]);

  private UsedCluster() {}

  /**
   * A topic of three partitions, events by call and by stream, a reader, a group that reads and
   * leaves.
   */
  static void use(TestCluster cluster, String topic) {
    cluster.createTopic(topic, 3);
    publish(cluster, topic, 300);
    read(cluster, topic, 300);
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers());
        Producer producer = client.producer();
        GroupConsumer consumer =
            client.join(
                GroupOptions.builder()
                    .group(topic + "-readers")
                    .topics(topic)
                    .from(StartPosition.earliest())
                    .build())) {
      consumer.poll(Duration.ofSeconds(5));
      producer.publish(topic, io.flotilla.client.Event.of("key", "value")).join();
      consumer.poll(Duration.ofSeconds(5));
      consumer.commit();
    }
  }

  /** Publishes events without a key in one call, by a stock stub. */
  static void publish(TestCluster cluster, String topic, int events) {
    PublishRequest.Builder request = PublishRequest.newBuilder().setTopic(topic);
    for (int i = 0; i < events; i++) {
      request.addEvents(Event.newBuilder().setValue(VALUE));
    }
    cluster.anyWire().producer().publish(request.build());
  }

  /** Reads so many events from the beginning. */
  static List<ReceivedEvent> read(TestCluster cluster, String topic, int events) {
    Iterator<SubscribeResponse> answers =
        cluster
            .anyWire()
            .consumer()
            .subscribe(
                SubscribeRequest.newBuilder()
                    .setTopic(topic)
                    .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST))
                    .setMaxEvents(events)
                    .build());
    List<ReceivedEvent> read = new ArrayList<>();
    answers.forEachRemaining(answer -> read.addAll(answer.getEventsList()));
    return read;
  }

  /** Commits without membership. */
  static void commit(TestCluster cluster, String group, String topic, int partition, long offset) {
    cluster
        .anyWire()
        .offsets()
        .commitOffsets(
            CommitOffsetsRequest.newBuilder()
                .setGroup(group)
                .addOffsets(
                    OffsetCommit.newBuilder()
                        .setTopic(topic)
                        .setPartition(partition)
                        .setOffset(offset))
                .build());
  }
}
