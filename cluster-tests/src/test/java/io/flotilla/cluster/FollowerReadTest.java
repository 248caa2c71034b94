package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.harness.Wire;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.v1.FetchRequest;
import io.flotilla.proto.v1.PublishRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever reads from a node that does not lead sees an event of a quiet topic soon. */
class FollowerReadTest {
  private static final String TOPIC = "quiet";
  private static final int EVENTS = 20;
  private static final int WAIT_MS = 5_000;

  /** Half of a heartbeat, which followers once waited for. */
  private static final Duration SOON = Duration.ofMillis(200);

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  @Test
  void anEventIsSeenAtAFollowerWithoutWaitingForAHeartbeat() {
    cluster.createTopic(TOPIC, 1);
    int leader = cluster.awaitLeader(TOPIC, 0);
    Wire follower = cluster.wire(leader % cluster.size() + 1);
    List<Duration> took = new ArrayList<>();

    for (int i = 0; i < EVENTS; i++) {
      long offset = publish(cluster.wire(leader), "event " + i);
      long acknowledged = System.nanoTime();
      assertThat(read(follower, offset)).isEqualTo("event " + i);
      took.add(Duration.ofNanos(System.nanoTime() - acknowledged));
    }

    System.out.println(
        "from acknowledged to seen at a follower, in ms: "
            + took.stream().map(Duration::toMillis).toList());
    assertThat(took.stream().sorted().toList().get(EVENTS / 2)).isLessThan(SOON);
  }

  private static long publish(Wire wire, String value) {
    return wire.producer()
        .publish(
            PublishRequest.newBuilder()
                .setTopic(TOPIC)
                .addEvents(Event.newBuilder().setValue(ByteString.copyFromUtf8(value)))
                .build())
        .getPositions(0)
        .getOffset();
  }

  private static String read(Wire wire, long offset) {
    return wire.consumer()
        .fetch(
            FetchRequest.newBuilder()
                .setTopic(TOPIC)
                .setOffset(offset)
                .setMaxWaitMs(WAIT_MS)
                .build())
        .getEvents(0)
        .getEvent()
        .getValue()
        .toStringUtf8();
  }
}
