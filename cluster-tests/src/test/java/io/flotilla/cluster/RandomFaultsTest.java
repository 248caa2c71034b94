package io.flotilla.cluster;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Faults at random, one after the other, under load: what nobody thought of. Six rounds by default;
 * {@code -Dflotilla.rounds=100} hunts longer.
 */
class RandomFaultsTest {
  private static final int ROUNDS = Integer.getInteger("flotilla.rounds", 6);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofSeconds(3);
  private static final int SOME = 200;

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  private final Random random = new Random(Seeds.next("RandomFaultsTest"));

  /** What can happen to a node. */
  private enum Fault {
    KILL,
    KILL_LEADER,
    KILL_TWO,
    KILL_ALL,
    PAUSE,
    TERMINATE
  }

  @Test
  void randomFaultsBreakNoPromise() {
    cluster.createTopic("orders", 4);
    try (Workload workload = Workload.start(cluster.servers(), "orders", 3, random.nextLong())) {
      workload.awaitAcknowledged(SOME, SOON);
      for (int round = 1; round <= ROUNDS; round++) {
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        int node = 1 + random.nextInt(cluster.size());
        System.out.printf("round %d: %s, node %d%n", round, fault, node);

        hurtAndHeal(fault, node);

        cluster.awaitReady();
        workload.awaitAcknowledged(SOME, SOON);
      }
      Verdict.sound(cluster, workload);
    }
  }

  private void hurtAndHeal(Fault fault, int node) {
    int other = 1 + node % cluster.size();
    switch (fault) {
      case KILL -> cluster.restart(node);
      case KILL_LEADER -> cluster.restart(cluster.awaitLeader("orders", random.nextInt(4)));
      case KILL_TWO -> {
        cluster.kill(node);
        cluster.restart(other);
        cluster.start(node);
      }
      case KILL_ALL -> {
        cluster.killAll();
        cluster.ids().forEach(cluster::start);
      }
      case PAUSE -> {
        cluster.pause(node);
        long begin = System.nanoTime();
        Await.until("the pause is over", SOON, () -> System.nanoTime() - begin > PAUSE.toNanos());
        cluster.resume(node);
      }
      case TERMINATE -> {
        cluster.terminate(node);
        cluster.start(node);
      }
    }
  }
}
