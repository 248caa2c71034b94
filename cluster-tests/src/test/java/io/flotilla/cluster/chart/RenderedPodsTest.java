package io.flotilla.cluster.chart;

import static io.flotilla.cluster.chart.Chart.only;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.flotilla.cluster.container.DockerNetwork;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.Wire;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.DescribeClusterRequest;
import io.flotilla.proto.v1.Node;
import io.flotilla.proto.v1.PublishRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chart's own values, rendered and run: three pods form a cluster under the rights, mounts and
 * memory that they would have, their probes answer, and one that is stopped leaves in its grace.
 * What only Kubernetes itself could show is in the chart's README.
 */
@Tag("container")
class RenderedPodsTest {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int PODS = 3;
  private static final int GRPC = 9095;

  @BeforeAll
  static void demandContainers() {
    DockerNetwork.assumeAvailable();
  }

  @Test
  void podsOfTheChartAreACluster(@TempDir Path folder) throws Exception {
    List<HasMetadata> resources = Chart.render(Map.of());
    StatefulSet set = only(StatefulSet.class, resources);
    Container container = set.getSpec().getTemplate().getSpec().getContainers().get(0);
    assertThat(set.getSpec().getReplicas()).isEqualTo(PODS);
    try (Pods pods = new Pods(set, only(ConfigMap.class, resources), folder)) {
      Pods.Ended check = pods.runInit(2);
      assertThat(check.exitCode()).as(check.output()).isZero();
      assertThat(check.output())
          .contains("the configuration is fine: /etc/flotilla/node.yaml", "node      2 of")
          .containsPattern("memory    2.0 GiB: heap 6[12]\\d[.]\\d MiB");

      pods.start(1);
      awaitPass(pods, 1, container, "startup");
      assertThat(pods.passes(1, container.getLivenessProbe())).isTrue();
      assertThat(pods.passes(1, container.getReadinessProbe()))
          .as("alone it is alive, and has nothing to serve")
          .isFalse();

      pods.start(2);
      pods.start(3);
      for (int node = 1; node <= PODS; node++) {
        awaitPass(pods, node, container, "readiness");
      }
      usedByAClient(pods);
      Pods.Ended firstEvent = pods.run(only(Pod.class, resources));
      assertThat(firstEvent.exitCode()).as(firstEvent.output()).isZero();
      assertThat(firstEvent.output()).contains("published and read: The first event of helm-test");

      assertThat(pods.preStop(2)).isZero();
      assertThat(pods.stop(2)).as(pods.log(2)).isZero();
      pods.start(2);
      awaitPass(pods, 2, container, "readiness");
    }
  }

  /** An upgrade that would end in a node that cannot start ends before it. */
  @Test
  void aSettingThatDoesNotExistEndsInTheCheck(@TempDir Path folder) throws Exception {
    List<HasMetadata> resources = Chart.render(Map.of("config.topics.retention-tme", "3d"));
    try (Pods pods =
        new Pods(only(StatefulSet.class, resources), only(ConfigMap.class, resources), folder)) {
      Pods.Ended check = pods.runInit(1);
      assertThat(check.exitCode()).isEqualTo(2);
      assertThat(check.output())
          .contains("no node can start with /etc/flotilla/node.yaml")
          .containsPattern("topics.retention-tme is not a setting.*[(]line \\d+[)]");
    }
  }

  private static void usedByAClient(Pods pods) {
    try (Wire wire = Wire.to(pods.address(3), GRPC)) {
      var topic = CreateTopicRequest.newBuilder().setTopic("orders").setPartitions(2).build();
      assertThat(wire.admin().createTopic(topic).getTopic().getReplicationFactor()).isEqualTo(PODS);
      PublishRequest event =
          PublishRequest.newBuilder()
              .setTopic("orders")
              .setPartition(1)
              .addEvents(Event.newBuilder().setValue(ByteString.copyFromUtf8("first")))
              .build();
      assertThat(
              Await.value(
                  "orders-1 takes an event",
                  SOON,
                  () -> Optional.of(wire.producer().publish(event).getPositions(0).getOffset())))
          .isZero();
      assertThat(
              wire.cluster()
                  .describeCluster(DescribeClusterRequest.getDefaultInstance())
                  .getNodesList())
          .extracting(Node::getRack)
          .containsOnly("zone-a");
    }
  }

  private static void awaitPass(Pods pods, int node, Container container, String probe) {
    Await.until(
        "pod " + node + " passes its " + probe + " probe",
        SOON,
        () -> {
          try {
            return pods.passes(
                node,
                probe.equals("startup")
                    ? container.getStartupProbe()
                    : container.getReadinessProbe());
          } catch (IOException e) {
            return false; // Nobody listens yet.
          }
        });
  }
}
