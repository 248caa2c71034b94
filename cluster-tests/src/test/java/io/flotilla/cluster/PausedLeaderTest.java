package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A leader stands still for a while, as in a long pause of its JVM, and wakes up deposed. */
class PausedLeaderTest {
  private static final Duration PAUSE = Duration.ofSeconds(6);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int SOME = 500;

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @Test
  void resumedLeaderAcknowledgesNothingThatIsLost() {
    cluster.createTopic("orders", 3);
    long seed = Seeds.next("PausedLeaderTest");
    try (Workload workload = Workload.start(cluster.servers(), "orders", 3, seed)) {
      workload.awaitAcknowledged(SOME, SOON);

      int paused = cluster.awaitLeader("orders", 0);
      long begin = System.nanoTime();
      cluster.pause(paused);

      assertThat(cluster.awaitLeader("orders", 0)).isNotEqualTo(paused);
      workload.awaitAcknowledged(SOME, SOON);
      Await.until("the pause is over", SOON, () -> System.nanoTime() - begin > PAUSE.toNanos());

      cluster.resume(paused);
      cluster.awaitReady();
      workload.awaitAcknowledged(SOME, SOON);

      Verdict.sound(cluster, workload);
    }
  }
}
