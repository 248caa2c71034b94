package io.flotilla.cluster.workload;

import io.flotilla.cluster.check.History;
import io.flotilla.cluster.check.Seen;
import io.flotilla.cluster.harness.Wire;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.DescribeTopicRequest;
import io.flotilla.proto.v1.Partition;
import io.flotilla.proto.v1.SubscribeRequest;
import io.flotilla.proto.v1.SubscribeResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Reads what each replica of a topic holds, from the node that holds it: a node serves reads from
 * its own replica if it has one. Meant for a quiet cluster: after {@code awaitCaughtUp}. Runs on
 * the test's thread.
 */
public final class ReplicaDump {
  private static final long DUMP_SECONDS_MAX = 60;

  private ReplicaDump() {}

  /**
   * Records the content of every replica of {@code topic}, and a digest over all that an event is:
   * key, value, headers, times.
   *
   * @param wires to each node, all of which run
   */
  public static void record(IntFunction<Wire> wires, String topic, History history) {
    for (Partition partition : partitions(wires.apply(1), topic)) {
      for (int node : partition.getReplicasList()) {
        List<ReceivedEvent> events = read(wires.apply(node), topic, partition.getPartition());
        history.holds(
            partition.getPartition(), node, events.stream().map(ReplicaDump::seen).toList());
        history.digest(partition.getPartition(), node, digest(events));
      }
    }
  }

  private static String digest(List<ReceivedEvent> events) {
    try {
      MessageDigest sum = MessageDigest.getInstance("SHA-256");
      events.forEach(event -> sum.update(event.toByteArray()));
      return HexFormat.of().formatHex(sum.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every event of a partition, as the node at the other end of {@code wire} holds it. */
  public static List<ReceivedEvent> read(Wire wire, String topic, int partition) {
    Iterator<SubscribeResponse> responses =
        wire.consumer()
            .withDeadlineAfter(DUMP_SECONDS_MAX, TimeUnit.SECONDS)
            .subscribe(
                SubscribeRequest.newBuilder()
                    .setTopic(topic)
                    .addPartitions(partition)
                    .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST))
                    .setUntilEnd(true)
                    .build());
    List<ReceivedEvent> events = new ArrayList<>();
    responses.forEachRemaining(response -> events.addAll(response.getEventsList()));
    return events;
  }

  static Seen seen(ReceivedEvent event) {
    return new Seen(
        event.getPartition(), event.getOffset(), event.getEvent().getValue().toStringUtf8());
  }

  private static List<Partition> partitions(Wire wire, String topic) {
    return wire.admin()
        .describeTopic(DescribeTopicRequest.newBuilder().setTopic(topic).build())
        .getTopic()
        .getPartitionsList();
  }
}
