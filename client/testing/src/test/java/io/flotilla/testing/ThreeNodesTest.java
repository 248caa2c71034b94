package io.flotilla.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ReceivedEvent;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three nodes, of which one may go and come back. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ThreeNodesTest {

  @RegisterExtension static final FlotillaExtension flotilla = FlotillaExtension.nodes(3);

  @Test
  @Order(1)
  void aNodeGoesAndWhatItHadIsStillThere(FlotillaCluster cluster, @Topic TopicHandle orders) {
    orders.publish("before");
    cluster.node(2).stop();
    assertThat(cluster.node(2).running()).isFalse();
    orders.publish("meanwhile");
    cluster.node(2).start();
    orders.publish("after");

    assertThat(orders.awaitEvents(3, Duration.ofSeconds(20)))
        .extracting(ReceivedEvent::valueText)
        .containsExactly("before", "meanwhile", "after");
    cluster.node(3).stop();
  }

  @Test
  @Order(2)
  void nodesThatATestStoppedRunAgain(FlotillaCluster cluster, @Server String servers) {
    assertThat(cluster.node(3).running()).isTrue();
    assertThat(servers.split(",")).hasSize(3);
  }
}
