package io.flotilla.cluster.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.Acknowledge;
import io.flotilla.proto.v1.ConsumeRequest;
import io.flotilla.proto.v1.ConsumeResponse;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.EventPosition;
import io.flotilla.proto.v1.JoinGroup;
import io.flotilla.proto.v1.PublishRequest;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A member is handed every event, also by a node without a replica of its own, and of batches with
 * more events than may be unacknowledged at once. It was handed the first thousand of each; found
 * by a campaign on five nodes.
 */
class RelayedGroupTest {
  private static final String TOPIC = "groups-relayed";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int BATCHES = 3;
  private static final int BATCH_EVENTS = 2_500;

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  /** Its partition is on one node of three. */
  private static void publishOnce() {
    cluster
        .anyWire()
        .admin()
        .createTopic(
            CreateTopicRequest.newBuilder()
                .setTopic(TOPIC)
                .setPartitions(1)
                .setReplicationFactor(1)
                .setRequestId(TOPIC) // The first test creates it.
                .build());
    cluster.awaitLeader(TOPIC, 0);
    PublishRequest.Builder batch = PublishRequest.newBuilder().setTopic(TOPIC).setPartition(0);
    IntStream.range(0, BATCH_EVENTS)
        .mapToObj(n -> Event.newBuilder().setValue(ByteString.copyFromUtf8("event " + n)))
        .forEach(batch::addEvents);
    for (int n = 0; n < BATCHES; n++) {
      assertThat(cluster.anyWire().producer().publish(batch.build()).getPositionsCount())
          .isEqualTo(BATCH_EVENTS);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void nothingIsSkippedWhicheverNodeDelivers(int node) {
    publishOnce();
    Member member = new Member();

    member.join(cluster.wire(node).members().consume(member), "relayed-by-" + node);

    Await.until(
        "all events are there", SOON, () -> member.offsets.size() >= BATCHES * BATCH_EVENTS);
    assertThat(member.offsets.stream().limit(BATCHES * BATCH_EVENTS))
        .containsExactlyElementsOf(LongStream.range(0, BATCHES * BATCH_EVENTS).boxed().toList());
    member.leave();
  }

  /** Acknowledges whatever it is given. */
  private static final class Member implements StreamObserver<ConsumeResponse> {
    private final Queue<Long> offsets = new ConcurrentLinkedQueue<>();
    private volatile @Nullable StreamObserver<ConsumeRequest> requests;

    void join(StreamObserver<ConsumeRequest> stream, String group) {
      requests = stream;
      stream.onNext(
          ConsumeRequest.newBuilder()
              .setJoin(
                  JoinGroup.newBuilder()
                      .setGroup(group)
                      .addTopics(TOPIC)
                      .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST)))
              .build());
    }

    void leave() {
      StreamObserver<ConsumeRequest> stream = requests;
      if (stream != null) {
        stream.onCompleted();
      }
    }

    @Override
    public void onNext(ConsumeResponse response) {
      StreamObserver<ConsumeRequest> stream = requests;
      if (response.getDelivery().getEventsCount() == 0 || stream == null) {
        return;
      }
      Acknowledge.Builder ack = Acknowledge.newBuilder();
      for (ReceivedEvent event : response.getDelivery().getEventsList()) {
        offsets.add(event.getOffset());
        ack.clearProcessed()
            .addProcessed(
                EventPosition.newBuilder()
                    .setTopic(TOPIC)
                    .setPartition(event.getPartition())
                    .setOffset(event.getOffset()));
      }
      stream.onNext(ConsumeRequest.newBuilder().setAck(ack).build());
    }

    @Override
    public void onError(Throwable thrown) {
      // What it has by then is looked at.
    }

    @Override
    public void onCompleted() {
      // Likewise.
    }
  }
}
