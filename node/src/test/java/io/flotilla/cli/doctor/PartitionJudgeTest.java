package io.flotilla.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ClusterDescription;
import io.flotilla.client.Leader;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.NodeDescription.DiskState;
import io.flotilla.client.NodeDescription.Load;
import io.flotilla.client.NodeDescription.State;
import io.flotilla.client.PartitionDescription;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaDescription.Role;
import io.flotilla.client.TopicPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A partition is said to be well when it is, and else why not; whatever is wrong elsewhere. */
final class PartitionJudgeTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 2);
  private static final Load LIGHT = new Load(Duration.ZERO, 1, 100, 100, 1, 100, null);

  private final List<NodeDescription> nodes =
      new ArrayList<>(List.of(up(1, 50), up(2, 50), up(3, 50), up(4, 50)));
  private final List<ReplicaDescription> replicas =
      new ArrayList<>(
          List.of(
              replica(1, Role.LEADER, 0),
              replica(2, Role.FOLLOWER, 0),
              replica(3, Role.FOLLOWER, 0)));

  private static NodeDescription up(int id, int freePercent) {
    return node(id, freePercent, LIGHT, null);
  }

  private static NodeDescription silent(int id, @Nullable Duration silent) {
    return node(id, 0, null, silent);
  }

  private static NodeDescription node(
      int id, int free, @Nullable Load load, @Nullable Duration silent) {
    DiskState disk =
        load == null ? DiskState.UNKNOWN : free < 5 ? DiskState.FULL : DiskState.NORMAL;
    State state = load == null ? State.UNREACHABLE : State.UP;
    return new NodeDescription(
        id, "h", 9000 + id, state, "i", "1", "", 1, 1, disk, free, 100, load, silent);
  }

  private static ReplicaDescription replica(int node, Role role, long lag) {
    return new ReplicaDescription("orders", 2, node, role, 7, 0, 90, lag, 90);
  }

  private PartitionCase judge() {
    ClusterDescription cluster =
        new ClusterDescription(
            "c", 1, nodes, 1, 1, 1, 9, replicas, 1, false, List.of(1, 2, 3), Instant.EPOCH);
    PartitionDescription partition =
        new PartitionDescription(2, 5, List.of(1, 2, 3), new Leader(1, "h", 9001, 7));
    return new PartitionJudge(ORDERS, partition, cluster).judge(ORDERS);
  }

  private static void noRole(List<ReplicaDescription> replicas, int node) {
    replicas.set(node - 1, replica(node, Role.UNKNOWN, 0));
  }

  @Test
  void wellIsSaidPlainly() {
    PartitionCase well = judge();
    assertThat(well.result()).isEqualTo("ok");
    assertThat(well.message())
        .isEqualTo("orders/2 is well: node 1 leads it in term 7, and all 3 replicas answer");
    assertThat(well.reasons()).isEmpty();
    assertThat(well.writable()).isTrue();
    assertThat(well.leader()).isEqualTo(1);
    assertThat(String.join("\n", well.text(false)))
        .contains("asked   node 1", "h:9003", "follower");
  }

  @Test
  void whatIsWrongElsewhereIsNotThisPartitionsMatter() {
    nodes.set(3, silent(4, null));
    replicas.add(new ReplicaDescription("users", 0, 4, Role.UNKNOWN, 0, 0, 0, 0, 0));
    assertThat(judge().result()).isEqualTo("ok");
  }

  @Test
  void aMinorityThatIsSilentDoesNotKeepItFromBeingWritten() {
    nodes.set(2, silent(3, Duration.ofSeconds(41)));
    noRole(replicas, 3);
    PartitionCase found = judge();
    assertThat(found.result()).isEqualTo("warn");
    assertThat(found.writable()).isTrue();
    assertThat(found.message()).contains("can be written to", "2 of its 3 replicas answer");
    assertThat(found.reasons())
        .singleElement()
        .satisfies(
            reason -> {
              assertThat(reason.because())
                  .isEqualTo(
                      "1 of its 3 replicas is silent: node 3 at h:9003 for 41 s;"
                          + " if one more falls silent nothing can be written");
              assertThat(reason.hint()).contains("start it on the same folder");
            });
    assertThat(found.replicas().get(2).silentMs()).isEqualTo(41_000);
    assertThat(found.replicas().get(2).end()).isNull();
  }

  @Test
  void withoutAMajorityTheSilentNodesAndTheWayOutAreNamed() {
    nodes.set(1, silent(2, Duration.ofMinutes(3)));
    nodes.set(2, silent(3, null));
    noRole(replicas, 2);
    noRole(replicas, 3);
    replicas.set(0, replica(1, Role.CANDIDATE, 0));
    PartitionCase found = judge();
    assertThat(found.result()).isEqualTo("fail");
    assertThat(found.writable()).isFalse();
    assertThat(found.leader()).isNull();
    assertThat(found.message()).isEqualTo("orders/2 has no leader: nothing can be written to it");
    assertThat(found.reasons()).hasSize(1);
    assertThat(found.reasons().get(0).because())
        .isEqualTo(
            "2 of its 3 replicas are silent: node 2 at h:9002 for 3 min, node 3 at h:9003;"
                + " a leader needs 2 of 3 that answer");
    assertThat(found.reasons().get(0).hint()).startsWith("bring back node 2 or node 3: start it");

    replicas.set(0, replica(1, Role.LEADER, 0));
    assertThat(judge().writable()).as("it does not know yet").isFalse();
    assertThat(judge().message()).contains("cannot be written to", "1 of its 3 replicas answers");
  }

  @Test
  void anElectionTakesAMoment() {
    replicas.set(0, replica(1, Role.FOLLOWER, 0));
    PartitionCase found = judge();
    assertThat(found.result()).isEqualTo("fail");
    assertThat(found.reasons())
        .singleElement()
        .satisfies(reason -> assertThat(reason.because()).contains("enough to elect a leader"));
  }

  @Test
  void aFullDiskStopsWritingAndNothingElse() {
    nodes.set(1, up(2, 3));
    PartitionCase found = judge();
    assertThat(found.writable()).isFalse();
    assertThat(found.message()).contains("only read", "a disk is full");
    assertThat(found.reasons().get(0).because()).contains("node 2 has 3 B free");
    nodes.set(1, up(2, 8));
    assertThat(judge().result()).as("that it fills is the doctor's to tell").isEqualTo("ok");
  }

  @Test
  void replicasThatAreNotWellAreTold() {
    replicas.set(1, replica(2, Role.DAMAGED, 20_000));
    replicas.set(2, replica(3, Role.JOINING, 0));
    PartitionCase found = judge();
    assertThat(found.result()).isEqualTo("warn");
    assertThat(found.reasons())
        .extracting(Reason::cause)
        .containsExactly("ReplicaDamaged", "UnderReplicated", "FollowersBehind");
    noRole(replicas, 3);
    assertThat(judge().reasons())
        .anySatisfy(reason -> assertThat(reason.because()).contains("has not opened its replica"));
  }

  @Test
  void whereReplicasAreNotToldNodesSayWhatCanBeSaid() {
    replicas.clear();
    PartitionCase found = judge();
    assertThat(found.result()).isEqualTo("ok");
    assertThat(found.where()).contains("how far they are is not known");
    assertThat(found.replicas()).allMatch(row -> row.end() == null && row.lagEvents() == null);
    nodes.set(1, silent(2, null));
    nodes.set(2, silent(3, null));
    assertThat(judge().writable()).isFalse();
  }
}
