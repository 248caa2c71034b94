package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Leaders of new groups, and of groups of one: where silence says nothing, nobody listens to it.
 */
class FirstElectionTest {

  private static final int GROUPS = 12;
  private static final long GROUP = 2_000;

  @TempDir private Path folder;

  private final List<RatisMetrics.Metric> told = new CopyOnWriteArrayList<>();
  private final Consumer<RatisMetrics.Metric> listener = told::add;

  @BeforeEach
  void listen() {
    RatisMetrics.listen(listener);
  }

  @AfterEach
  void forget() {
    RatisMetrics.forget(listener);
  }

  @Test
  void aNewGroupIsLedByTheFirstOfItsMembersUnlessTheMachineIsTooBusy() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 3)) {
      nodes.leader();
      long before = unwaited();
      for (int i = 0; i < GROUPS; i++) {
        List<Integer> members = IntStream.range(i, i + 3).mapToObj(n -> 1 + n % 3).toList();
        List<GroupPeer> peers = members.stream().map(id -> nodes.peer(id, "aa")).toList();
        for (int at = 2; at >= 0; at--) {
          nodes.node(members.get(at)).host.addGroup(GROUP + i, peers);
        }
      }
      long first = IntStream.range(0, GROUPS).filter(i -> leader(nodes, 3, i) == 1 + i % 3).count();

      assertThat(unwaited() - before).isPositive();
      System.out.println(first + " of " + GROUPS + " groups are led by their first member");
    }
  }

  @Test
  void theOnlyMemberOfAGroupWaitsForNobodyNewOrStartedAgain() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 1)) {
      nodes.leader();
      long before = unwaited();
      for (int i = 0; i < GROUPS; i++) {
        nodes.node(1).host.addGroup(GROUP + i, List.of(nodes.peer(1, "aa")));
      }
      IntStream.range(0, GROUPS).forEach(i -> leader(nodes, 1, i));
      long fresh = unwaited();
      nodes.close(1);
      nodes.open(1, "aa");
      IntStream.range(0, GROUPS).forEach(i -> leader(nodes, 1, i));

      assertThat(fresh - before).isPositive();
      assertThat(unwaited() - fresh).isPositive();
    }
  }

  private static GroupStatus status(RaftNodes nodes, int node, int i) {
    return Objects.requireNonNull(nodes.node(node).host.replica(GROUP + i)).status();
  }

  private static int leader(RaftNodes nodes, int size, int i) {
    return await()
        .atMost(RaftNodes.SOON)
        .until(
            () ->
                IntStream.rangeClosed(1, size)
                    .filter(id -> status(nodes, id, i).ready())
                    .findFirst()
                    .orElse(0),
            id -> id != 0);
  }

  /** Elections so far that did not come after a timeout; on a busy machine many others do. */
  private long unwaited() {
    return counted("election_count") - counted("timeout_count");
  }

  private long counted(String what) {
    return told.stream()
        .filter(metric -> metric.name().equals("leader_election." + what))
        .mapToLong(metric -> metric.count().sum())
        .sum();
  }
}
