package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The story of a leader that lives on and leads nobody for a while. Clients, who hear from it of
 * all nodes who leads, go on with another one, and what it says when it is back is true.
 */
final class DeposedLeader {
  private static final Duration LASTS = Duration.ofSeconds(9);
  private static final Duration STANDSTILL_MAX = Duration.ofSeconds(7);
  private static final int PARTITIONS = 3;

  /** The first server given, from which clients hear the news. */
  private static final int HEARD = 1;

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int SOME = 500;

  private DeposedLeader() {}

  /**
   * @param what what is done to it, for people and for the seed
   * @param hurt does it to a node
   * @param heal undoes it
   */
  static void isLeft(TestCluster cluster, String what, IntConsumer hurt, IntConsumer heal) {
    cluster.createTopic("orders", PARTITIONS);
    long seed = Seeds.next(what);
    try (Workload workload = Workload.start(cluster.servers(), "orders", PARTITIONS, seed)) {
      workload.awaitAcknowledged(SOME, SOON);

      int partition = led(cluster);
      long begin = System.nanoTime();
      hurt.accept(HEARD);

      workload.awaitAcknowledged(SOME, SOON);
      Await.until(
          "it has lasted long enough", SOON, () -> System.nanoTime() - begin > LASTS.toNanos());

      heal.accept(HEARD);
      cluster.awaitReady();
      workload.awaitAcknowledged(SOME, SOON);

      long standstill = Verdict.sound(cluster, workload).longestPauseMillis(List.of(partition));
      System.out.printf("%s: writes to its partition stood still %d ms%n", what, standstill);
      assertThat(standstill).isLessThan(STANDSTILL_MAX.toMillis());
    }
  }

  private static int led(TestCluster cluster) {
    return Await.value(
        "node " + HEARD + " leads a partition",
        SOON,
        () ->
            IntStream.range(0, PARTITIONS)
                .filter(partition -> cluster.leaderOf("orders", partition) == HEARD)
                .boxed()
                .findFirst());
  }
}
