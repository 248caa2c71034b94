package io.flotilla.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ClusterDescription;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.NodeDescription.DiskState;
import io.flotilla.client.NodeDescription.State;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaDescription.Role;
import io.flotilla.doctor.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Healthy is what serves with all replicas; what only wants doing within the day is healthy. */
final class ClusterHealthTest {

  private static NodeDescription node(int id, State state, DiskState disk, int free) {
    return new NodeDescription(
        id, "h", 9000 + id, state, "i", "1", "", 1, 1, disk, free, 100, null, null);
  }

  private static Health health(
      List<NodeDescription> nodes, Role second, @Nullable String connection) {
    ClusterDescription cluster =
        new ClusterDescription(
            "c",
            1,
            nodes,
            1,
            1,
            1,
            1,
            List.of(
                new ReplicaDescription("orders", 0, 1, Role.LEADER, 1, 0, 9, 0, 9),
                new ReplicaDescription("orders", 0, 2, second, 1, 0, 9, 0, 9)),
            1,
            false,
            List.of(1, 2),
            Instant.EPOCH);
    Map<String, @Nullable String> servers = new HashMap<>();
    servers.put("h:9001", connection);
    return Health.of(
        new Evidence(
            servers,
            Map.of(),
            connection == null ? cluster : null,
            Duration.ofHours(1),
            List.of(),
            0,
            null));
  }

  private static final NodeDescription ONE = node(1, State.UP, DiskState.NORMAL, 50);

  @Test
  void whatServesWithAllReplicasIsHealthy() {
    List<NodeDescription> nodes = List.of(ONE, node(2, State.UP, DiskState.WARN, 8));
    Health health = health(nodes, Role.FOLLOWER, null);
    assertThat(health.healthy()).as("clocks and disks that fill are the doctor's").isTrue();
    assertThat(health.text())
        .containsExactly("healthy: all 2 nodes answer, 1 partition has a leader and all replicas");
  }

  @Test
  void aReplicaThatIsMissingIsNotHealthyThoughAllIsServed() {
    List<NodeDescription> nodes = List.of(ONE, node(2, State.UP, DiskState.NORMAL, 50));
    Health health = health(nodes, Role.JOINING, null);
    assertThat(health.healthy()).isFalse();
    assertThat(health.problems()).extracting(Reason::cause).containsExactly("UnderReplicated");
    assertThat(health.message()).startsWith("not healthy: node 2 has 1 replica to rebuild");
  }

  @Test
  void theWorstIsSaidFirst() {
    List<NodeDescription> nodes = List.of(ONE, node(2, State.UNREACHABLE, DiskState.UNKNOWN, 0));
    Health health = health(nodes, Role.UNKNOWN, null);
    assertThat(health.problems())
        .extracting(Reason::cause)
        .containsExactly("NodeDown", "UnderReplicated");
    assertThat(health.message()).contains("node 2 at h:9002 does not answer");
    assertThat(health(List.of(ONE, node(2, State.UP, DiskState.FULL, 1)), Role.FOLLOWER, null))
        .satisfies(full -> assertThat(full.problems().get(0).cause()).isEqualTo("DiskFullSoon"));
  }

  @Test
  void whatCannotBeReachedIsNotHealthy() {
    Health health = health(List.of(), Role.FOLLOWER, "nobody accepts a connection");
    assertThat(health.healthy()).isFalse();
    assertThat(health.message()).contains("h:9001: nobody accepts a connection");
    assertThat(Health.failed("too late").problems()).hasSize(1);
  }
}
