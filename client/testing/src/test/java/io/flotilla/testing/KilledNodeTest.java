package io.flotilla.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.Event;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.ReceivedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A node goes without notice: what was acknowledged is there. */
@FlotillaTest(nodes = 3)
class KilledNodeTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void killedLeaderLosesNothingAndPublishingGoesOn(
      FlotillaCluster cluster, Producer producer, @Topic TopicHandle orders) {
    NodeHandle leader = cluster.leaderOf(orders, 0);
    for (int i = 0; i < 50; i++) {
      orders.publish("before " + i);
    }
    List<CompletableFuture<Position>> underWay = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      underWay.add(producer.publish(orders.name(), Event.of("meanwhile " + i)));
    }
    leader.kill();
    assertThat(leader.running()).isFalse();
    underWay.forEach(CompletableFuture::join);
    orders.publish("after");

    NodeHandle next = cluster.leaderOf(orders, 0);
    assertThat(next).isNotSameAs(leader);
    List<String> wanted = new ArrayList<>(all("before ", 50));
    wanted.addAll(all("meanwhile ", 50));
    wanted.add("after");
    assertThat(texts(orders.awaitEvents(101, SOON))).containsExactlyElementsOf(wanted);

    leader.start();
    next.kill();
    orders.publish("with the one that came back");
    assertThat(texts(orders.awaitEvents(102, SOON))).contains("with the one that came back");
  }

  @Test
  void aPartitionThatIsNotThereHasNoLeader(FlotillaCluster cluster, @Topic TopicHandle bills) {
    assertThatThrownBy(() -> cluster.leaderOf(bills, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has partitions 0 to 0, not 1");
  }

  /** Nobody else has what a lone node forgets. */
  @Nested
  @FlotillaTest(fresh = true)
  class Alone {
    @Test
    void aLoneNodeHasAllThatItAcknowledged(FlotillaCluster cluster, @Topic TopicHandle orders) {
      for (int i = 0; i < 20; i++) {
        orders.publish("event " + i);
      }
      cluster.node(1).kill();
      cluster.node(1).kill(); // Of what is dead, nothing comes.
      cluster.node(1).start();
      assertThat(texts(orders.awaitEvents(20, SOON))).isEqualTo(all("event ", 20));
    }
  }

  private static List<String> all(String text, int count) {
    return IntStream.range(0, count).mapToObj(i -> text + i).toList();
  }

  private static List<String> texts(List<ReceivedEvent> events) {
    return events.stream().map(ReceivedEvent::valueText).toList();
  }
}
