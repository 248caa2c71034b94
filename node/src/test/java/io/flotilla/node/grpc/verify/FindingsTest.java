package io.flotilla.node.grpc.verify;

import static io.flotilla.proto.v1.ReplicaVerdict.REPLICA_VERDICT_BEHIND;
import static io.flotilla.proto.v1.ReplicaVerdict.REPLICA_VERDICT_CORRUPT;
import static io.flotilla.proto.v1.ReplicaVerdict.REPLICA_VERDICT_DIFFERENT;
import static io.flotilla.proto.v1.ReplicaVerdict.REPLICA_VERDICT_EQUAL;
import static io.flotilla.proto.v1.ReplicaVerdict.REPLICA_VERDICT_UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.proto.v1.ReplicaVerdict;
import io.flotilla.proto.v1.ReplicaVerification;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is rebuilt, and from whom; above all, when nobody may be. */
class FindingsTest {

  /** Nodes 1, 2 and so on, with these verdicts, as node 2 sees them. */
  private static Findings findings(ReplicaVerdict... verdicts) {
    List<ReplicaVerification> replicas = new ArrayList<>();
    for (ReplicaVerdict verdict : verdicts) {
      replicas.add(
          ReplicaVerification.newBuilder()
              .setNodeId(replicas.size() + 1)
              .setVerdict(verdict)
              .build());
    }
    return Findings.of(replicas, 2);
  }

  private static List<Integer> nodes(List<ReplicaVerification> replicas) {
    return replicas.stream().map(ReplicaVerification::getNodeId).toList();
  }

  @Test
  void equalReplicasAreSoundAndThisNodesIsTheBest() {
    Findings found = findings(REPLICA_VERDICT_EQUAL, REPLICA_VERDICT_EQUAL, REPLICA_VERDICT_EQUAL);
    assertThat(found.sound()).isTrue();
    assertThat(found.right()).containsExactly(2, 1, 3);
  }

  @Test
  void whoIsBehindOrAwayIsNeitherRightNorWrong() {
    Findings found =
        findings(REPLICA_VERDICT_BEHIND, REPLICA_VERDICT_EQUAL, REPLICA_VERDICT_UNREACHABLE);
    assertThat(found.sound()).isTrue();
    assertThat(found.right()).containsExactly(2);
  }

  @Test
  void oneReplicaWhoseChecksumsHoldRepairsAllWhereTheyDoNot() {
    Findings found =
        findings(REPLICA_VERDICT_CORRUPT, REPLICA_VERDICT_CORRUPT, REPLICA_VERDICT_EQUAL);
    assertThat(nodes(found.repairable())).containsExactly(1, 2);
    assertThat(found.right()).containsExactly(3);
    assertThat(found.hopeless()).isEmpty();
  }

  @Test
  void aReplicaThatDiffersFromMostIsRepairedALeaderIncluded() {
    Findings found =
        findings(REPLICA_VERDICT_EQUAL, REPLICA_VERDICT_DIFFERENT, REPLICA_VERDICT_EQUAL);
    assertThat(nodes(found.repairable())).containsExactly(2);
    assertThat(found.right()).containsExactly(1, 3);
  }

  @Test
  void aReplicaThatDiffersIsLeftAloneWhereMostOfAllCouldNotBeAsked() {
    Findings found =
        findings(
            REPLICA_VERDICT_EQUAL,
            REPLICA_VERDICT_EQUAL,
            REPLICA_VERDICT_DIFFERENT,
            REPLICA_VERDICT_UNREACHABLE,
            REPLICA_VERDICT_UNREACHABLE);
    assertThat(found.repairable()).isEmpty();
    assertThat(nodes(found.hopeless())).containsExactly(3);
  }

  @Test
  void withoutAnybodyWhoIsRightNothingIsTouched() {
    Findings found = findings(REPLICA_VERDICT_DIFFERENT, REPLICA_VERDICT_DIFFERENT);
    assertThat(found.repairable()).isEmpty();
    assertThat(nodes(found.hopeless())).containsExactly(1, 2);
    assertThat(nodes(findings(REPLICA_VERDICT_CORRUPT).hopeless())).containsExactly(1);
  }
}
