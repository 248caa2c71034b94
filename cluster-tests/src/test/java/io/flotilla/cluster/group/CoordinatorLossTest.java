package io.flotilla.cluster.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Workload;
import io.flotilla.proto.v1.ConsumerGroup;
import io.flotilla.proto.v1.DescribeGroupRequest;
import io.flotilla.proto.v1.FetchOffsetsRequest;
import io.flotilla.proto.v1.FetchOffsetsResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The node that leads a group's coordinator is killed, or the one that leads a partition, or both
 * are one: nobody is expelled, nothing moves, and consumption goes on.
 */
@Tag("campaign")
class CoordinatorLossTest {
  private static final int PARTITIONS = 6;
  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @Test
  void theNodeOfACoordinatorIsKilledAndNobodyIsExpelled() {
    lose("coordinated", true);
  }

  @Test
  void theNodeOfAPartitionIsKilledAndNobodyIsExpelled() {
    lose("led", false);
  }

  @Test
  void aNodeThatIsCutOffFromAllOthersDoesNotSayThatAGroupCommittedNothing() {
    cluster.createTopic("alone", 1);
    FetchOffsetsRequest request =
        FetchOffsetsRequest.newBuilder().setGroup("nobody").setTopic("alone").build();
    for (int node = 1; node <= 3; node++) {
      int asked = node;
      FetchOffsetsResponse answer =
          Await.value(
              "node " + node + " knows the topic",
              SOON,
              () -> Optional.of(cluster.wire(asked).offsets().fetchOffsets(request)));
      assertThat(answer.getOffsetsList())
          .singleElement()
          .satisfies(told -> assertThat(told.hasOffset()).isFalse());
    }
    cluster.kill(1);
    cluster.kill(2);
    try {
      // Whether its coordinator, or another topic, was made since only a majority knows.
      demandRefusedForNow(request);
      demandRefusedForNow(request.toBuilder().setTopic("unheard-of").build());
    } finally {
      cluster.start(1);
      cluster.start(2);
      cluster.awaitReady();
    }
  }

  private static void demandRefusedForNow(FetchOffsetsRequest request) {
    assertThatThrownBy(() -> cluster.wire(3).offsets().fetchOffsets(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refusal ->
                assertThat(refusal.getStatus().getCode())
                    .isIn(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED));
  }

  /**
   * @param coordinator kill the node that leads the coordinator, and some of the partitions; else
   *     another one
   */
  private static void lose(String topic, boolean coordinator) {
    cluster.createTopic(topic, PARTITIONS);
    long seed = Seeds.next("CoordinatorLossTest");
    try (Workload workload = Workload.start(cluster.servers(), topic, 1, seed);
        Members members = new Members(cluster, topic, topic, PARTITIONS)) {
      MemberProcess ann = members.start("ann");
      MemberProcess bob = members.start("bob");
      members.awaitShared(ann, bob);
      List<Integer> anns = ann.partitions();
      List<Integer> bobs = bob.partitions();
      members.awaitCommitted(1_000, SOON);
      long generation = describe(topic).getGeneration();

      int leads = Await.value("a coordinator leads", SOON, () -> leader(topic));
      int killed = coordinator ? leads : leads % 3 + 1;
      long since = System.nanoTime();
      cluster.kill(killed);
      long ms = members.awaitConsumedAgain(List.of(0, 1, 2, 3, 4, 5), since, SOON, ann, bob);
      System.out.printf(
          "node of the %s killed: all is consumed again after %d ms%n",
          coordinator ? "coordinator" : "partitions", ms);

      Await.until("another node coordinates", SOON, () -> leader(topic).orElse(killed) != killed);
      ConsumerGroup after = describe(topic);
      assertThat(after.getGeneration()).as("nothing was shared out anew").isEqualTo(generation);
      assertThat(after.getMembersList()).hasSize(2);
      assertThat(ann.partitions()).isEqualTo(anns);
      assertThat(bob.partitions()).isEqualTo(bobs);

      cluster.start(killed);
      cluster.awaitReady();
      long repeated = members.finish(workload, SOON);
      System.out.printf("%d events twice%n", repeated);
    }
  }

  private static Optional<Integer> leader(String group) {
    int node = describe(group).getCoordinatorNode();
    return node == 0 ? Optional.empty() : Optional.of(node);
  }

  private static ConsumerGroup describe(String group) {
    DescribeGroupRequest request = DescribeGroupRequest.newBuilder().setGroup(group).build();
    return Await.value(
        "the group is described",
        SOON,
        () -> Optional.of(cluster.anyWire().groups().describeGroup(request).getGroup()));
  }
}
