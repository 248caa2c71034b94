package io.flotilla.cluster.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Admin;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.cluster.check.Checker;
import io.flotilla.cluster.check.History;
import io.flotilla.cluster.workload.ReplicaDump;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Workload;
import java.time.Duration;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster of containers from the image keeps its promises, whatever Docker does to them. */
@Tag("container")
class ContainersTest {
  private static final Duration SOON = ContainerCluster.SOON;
  private static final int SOME = 300;

  @RegisterExtension static final ContainerCluster cluster = new ContainerCluster();

  /** Publishes and reads while a fault is done to whoever leads, and undone; then judges. */
  private static void loses(String topic, IntConsumer fault, IntConsumer mend) {
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers())) {
      Admin admin = client.admin();
      admin.createTopic(NewTopic.of(topic, 3));
    }
    try (Workload workload =
        Workload.start(cluster.servers(), topic, 2, Seeds.next("ContainersTest"))) {
      workload.awaitAcknowledged(SOME, SOON);
      int leader = cluster.awaitLeader(topic, 0);

      fault.accept(leader);
      workload.awaitAcknowledged(SOME, SOON);
      mend.accept(leader);

      cluster.awaitWhole();
      workload.awaitAcknowledged(SOME, SOON);
      History history = workload.finish();
      cluster.awaitCaughtUp(topic);
      ReplicaDump.record(cluster::wire, topic, history);
      assertThat(Checker.check(history)).isEmpty();
      assertThat(history.acknowledged()).isGreaterThanOrEqualTo(3 * SOME);
    }
    assertThat(cluster.flotilla(1, "verify", topic)).as("all replicas alike").endsWith("exit 0");
  }

  @Test
  void aContainerThatIsKilledComesBackOnItsVolume() {
    loses("killed", cluster::kill, cluster::start);
  }

  @Test
  void aContainerThatIsPausedIsDoneWithout() {
    loses("paused", cluster::pause, cluster::resume);
  }

  @Test
  void aContainerThatIsCutOffTheNetworkComesBack() {
    loses("disconnected", cluster::disconnect, cluster::reconnect);
  }

  @Test
  void aContainerThatIsStoppedLeavesInTimeAndInOrder() {
    loses(
        "stopped",
        node -> assertThat(cluster.stop(node)).as("ended by itself").isZero(),
        cluster::start);
  }

  @Test
  void aContainerWithAnEmptyVolumeIsRebuiltByTheOthers() {
    loses(
        "emptied",
        cluster::kill,
        node -> {
          cluster.replace(node);
          cluster.start(node);
        });
  }

  @Test
  void theCommandLineIsInTheImage() {
    assertThat(cluster.flotilla(2, "topic", "create", "inside")).endsWith("exit 0");
    assertThat(cluster.flotilla(3, "cluster", "describe")).contains("inside").endsWith("exit 0");
  }
}
