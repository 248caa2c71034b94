package io.flotilla.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Assignor;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupPartitionDescription;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.NodeDescription.DiskState;
import io.flotilla.client.NodeDescription.Load;
import io.flotilla.client.NodeDescription.State;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaDescription.Role;
import io.flotilla.client.TopicPartition;
import io.flotilla.doctor.Check;
import io.flotilla.doctor.Evidence;
import io.flotilla.doctor.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each check finds what it is for, and nothing in a cluster that is well. */
final class DiagnosisTest {

  private static final Load LIGHT = new Load(Duration.ofMillis(3), 10, 100, 5000, 300, 1024, null);

  private final List<NodeDescription> nodes =
      new ArrayList<>(List.of(node(1, "1", 50, LIGHT), node(2, "1", 50, LIGHT)));
  private final List<ReplicaDescription> replicas =
      new ArrayList<>(List.of(replica(1, Role.LEADER, 0), replica(2, Role.FOLLOWER, 0)));
  private final List<GroupDescription> groups = new ArrayList<>();
  private final Map<String, @Nullable String> reached = new HashMap<>();
  private int metadataLeader = 1;
  private Duration ahead = Duration.ZERO;

  private static NodeDescription node(
      int id, String version, int freePercent, @Nullable Load load) {
    return new NodeDescription(
        id,
        "h",
        9000 + id,
        load == null ? State.UNREACHABLE : State.UP,
        "i",
        version,
        "",
        1,
        1,
        load == null ? DiskState.UNKNOWN : freePercent < 5 ? DiskState.FULL : DiskState.NORMAL,
        freePercent,
        100,
        load,
        null);
  }

  private static ReplicaDescription replica(int node, Role role, long lag) {
    return new ReplicaDescription("orders", 0, node, role, 1, 0, 9, lag, 9);
  }

  private Diagnosis diagnose() {
    ClusterDescription cluster =
        new ClusterDescription(
            "c",
            1,
            nodes,
            metadataLeader,
            1,
            1,
            1,
            replicas,
            1,
            false,
            List.of(1, 2),
            Instant.EPOCH);
    Map<String, @Nullable String> servers = new HashMap<>();
    servers.put("h:9001", null);
    return Diagnosis.of(
        new Evidence(servers, reached, cluster, ahead, groups, 0, null),
        EnumSet.allOf(Check.class));
  }

  private Diagnosis.Row row(Check check) {
    return diagnose().checks().stream()
        .filter(row -> row.check().equals(check.label()))
        .findFirst()
        .orElseThrow();
  }

  private void found(Check check, Verdict verdict, String what) {
    Diagnosis.Row row = row(check);
    assertThat(row.result()).as(row.toString()).isEqualTo(verdict.text());
    assertThat(row.findings()).anySatisfy(finding -> assertThat(finding).contains(what));
    assertThat(row.remedy()).isNotEmpty();
    assertThat(row.command()).startsWith("flotilla ");
    assertThat(diagnose().text(false)).contains("  look   " + row.command());
    assertThat(diagnose().checks().get(0).result()).isEqualTo(diagnose().result());
  }

  @Test
  void aClusterThatIsWellIsSaidToBe() {
    Diagnosis diagnosis = diagnose();
    assertThat(diagnosis.result()).isEqualTo("ok");
    assertThat(diagnosis.checks()).hasSize(Check.values().length);
    assertThat(diagnosis.checks()).allMatch(row -> row.result().equals("ok"));
    assertThat(diagnosis.text(false)).endsWith("nothing is wrong");
  }

  @Test
  void aSilentNodeAndItsReplicasAreTold() {
    nodes.set(1, node(2, "1", 0, null));
    replicas.set(1, replica(2, Role.UNKNOWN, 0));
    found(Check.NODE_DOWN, Verdict.FAIL, "node 2 at h:9002 does not answer");
    found(Check.UNDER_REPLICATED, Verdict.WARN, "1 of 1 partition lack their replica on node 2");
    assertThat(row(Check.PARTITIONS_LEADERLESS).result()).isEqualTo("ok");
  }

  @Test
  void anAddressThatOnlyNodesReachIsTold() {
    reached.put("h:9002", "its name cannot be resolved");
    found(Check.NODE_DOWN, Verdict.WARN, "node 2 runs, but not for this machine");
  }

  @Test
  void missingLeadersAreTold() {
    metadataLeader = 0;
    replicas.set(0, replica(1, Role.CANDIDATE, 0));
    found(Check.METADATA_LEADERLESS, Verdict.FAIL, "no leader");
    found(Check.PARTITIONS_LEADERLESS, Verdict.FAIL, "orders/0 has no leader");
  }

  @Test
  void replicasThatAreNotWellAreTold() {
    replicas.set(1, replica(2, Role.DAMAGED, 20_000));
    found(Check.REPLICA_DAMAGED, Verdict.FAIL, "orders/0 on node 2 is damaged");
    found(Check.FOLLOWERS_BEHIND, Verdict.WARN, "20,000 events behind");
    replicas.set(1, replica(2, Role.JOINING, 0));
    found(Check.UNDER_REPLICATED, Verdict.WARN, "node 2 has 1 replica to rebuild");
  }

  @Test
  void disksThatFillAreTold() {
    nodes.set(0, node(1, "1", 9, LIGHT));
    found(Check.DISK_FULL_SOON, Verdict.WARN, "node 1 has 9 B free, 9 %");
    nodes.set(1, node(2, "1", 4, LIGHT));
    found(Check.DISK_FULL_SOON, Verdict.FAIL, "publishing is refused");
  }

  @Test
  void clocksThatDifferAreTold() {
    ahead = Duration.ofSeconds(-2);
    found(Check.CLOCK_SKEW, Verdict.WARN, "node 1's clock is 2.0 s behind that of this machine");
    nodes.set(1, node(2, "1", 50, new Load(Duration.ofHours(1), 1, 100, 100, 1, 100, null)));
    found(Check.CLOCK_SKEW, Verdict.FAIL, "node 2's clock is 3600.0 s ahead of that of node 1");
  }

  @Test
  void versionsAndLimitsAreTold() {
    nodes.set(1, node(2, "2", 50, new Load(Duration.ZERO, 80, 100, 5000, 0, 0, null)));
    found(Check.VERSION_MIX, Verdict.WARN, "nodes [2] run 2");
    found(Check.LIMITS_NEAR, Verdict.WARN, "node 2 has 80 of 100 Raft groups");
  }

  @Test
  void aGroupThatDoesNotCatchUpIsTold() {
    groups.add(group("billing", Duration.ofSeconds(301), null));
    groups.add(group("hurrying", Duration.ofHours(2), Duration.ofMinutes(1)));
    found(Check.GROUP_LAGGING, Verdict.WARN, "group billing is 301.0 s behind");
    assertThat(row(Check.GROUP_LAGGING).findings()).hasSize(1);
  }

  private static GroupDescription group(String name, Duration lag, @Nullable Duration catchUp) {
    var progress =
        new GroupPartitionDescription.Progress(
            0, 9, 9, lag, Instant.EPOCH, 1, 1, catchUp, catchUp == null);
    return new GroupDescription(
        name,
        GroupDescription.State.STABLE,
        1,
        Assignor.STICKY,
        1,
        Instant.EPOCH,
        1,
        List.of(),
        List.of(
            new GroupPartitionDescription(
                new TopicPartition("orders", 0), "m", 0L, Instant.EPOCH, progress, null)),
        List.of());
  }

  @Test
  void withoutAServerOnlyTheConnectionIsJudged() {
    Map<String, @Nullable String> servers = new HashMap<>();
    servers.put("h:1", "name resolved, nobody accepts a connection");
    Diagnosis diagnosis =
        Diagnosis.of(
            new Evidence(servers, Map.of(), null, null, List.of(), 0, null),
            EnumSet.allOf(Check.class));
    assertThat(diagnosis.result()).isEqualTo("fail");
    assertThat(diagnosis.checks().get(0).check()).isEqualTo("Connection");
    assertThat(diagnosis.checks().subList(1, Check.values().length))
        .allMatch(row -> row.result().equals("unknown"));
  }

  @Test
  void checksAndAlertsHaveOneName() throws IOException {
    Path monitoring = Path.of("").toAbsolutePath().resolveSibling("docker/monitoring");
    String rules = Files.readString(monitoring.resolve("alerts.yaml"));
    String runbook = Files.readString(monitoring.resolve("ALERTS.md"));
    for (Check check : Check.values()) {
      boolean alert = rules.contains("- alert: Flotilla" + check.label() + "\n");
      assertThat(check.hasAlert()).as(check.label()).isEqualTo(alert);
      if (alert) {
        assertThat(runbook).contains("## Flotilla" + check.label() + "\n");
      }
    }
  }
}
