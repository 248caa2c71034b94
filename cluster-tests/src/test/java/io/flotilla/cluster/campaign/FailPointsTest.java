package io.flotilla.cluster.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Cleanup;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.client.TopicSettings;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.sabotage.FailPoint;
import io.flotilla.cluster.sabotage.Saboteur;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A node dies right before and right after each step that makes something durable or tells somebody
 * of it, as leader and as follower, under load. Nothing acknowledged is lost, and replicas are
 * equal in the end. A point that is never come by fails the test.
 */
@Tag("campaign")
class FailPointsTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int KILLED = 137;
  private static final int PASSES_MAX = 30;
  private static final int SOME = 100;

  /** Small logs, purged soon, so that each step is made every few seconds. */
  @RegisterExtension
  static final TestCluster cluster =
      TestCluster.of(3)
          .withJava(Saboteur.options())
          .with(
              """
              batch.max-bytes: 64KiB
              raft.entry-bytes-max: 128KiB
              raft.segment-bytes: 512KiB
              raft.log-keep-bytes: 512KiB
              raft.checkpoint-bytes: 1MiB
              raft.checkpoint-interval: 1s
              topics.cleanup-interval: 500ms
              """);

  private static final Random random = new Random(Seeds.next("FailPointsTest"));
  private static @Nullable Workload started;
  private static @Nullable Housekeeping begun;

  @BeforeAll
  static void begin() {
    cluster.createTopic("orders", 1);
    cluster.createTopic("trimmed", 1);
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers())) {
      client
          .admin()
          .createTopic(
              NewTopic.of("latest", 1)
                  .withSettings(
                      TopicSettings.NONE
                          .withCleanup(Cleanup.COMPACT)
                          .withCompactionLagMin(Duration.ZERO)
                          .withCompactionDirtyPercent(1)));
    }
    started = Workload.start(cluster.servers(), "orders", 2, random.nextLong());
    begun = Housekeeping.start(cluster.servers(), "trimmed", "latest");
  }

  @ParameterizedTest
  @EnumSource(FailPoint.class)
  void aKillAtThisStepLosesNothing(FailPoint point) {
    if (!point.ofFollowersOnly()) {
      killAt(point, cluster.awaitLeader(topicOf(point), 0), "leader");
    }
    if (!point.ofLeadersOnly()) {
      killAt(point, followerOf(topicOf(point)), "follower");
    }
  }

  private static Workload workload() {
    return Objects.requireNonNull(started);
  }

  private static Housekeeping housekeeping() {
    return Objects.requireNonNull(begun);
  }

  private static String topicOf(FailPoint point) {
    return switch (point) {
      case BEFORE_TRIM, AFTER_TRIM -> "trimmed";
      case BEFORE_COMPACTION, AFTER_COMPACTION -> "latest";
      default -> "orders";
    };
  }

  private static int followerOf(String topic) {
    int leader = cluster.awaitLeader(topic, 0);
    return cluster.ids().filter(node -> node != leader).findFirst().orElseThrow();
  }

  private static void killAt(FailPoint point, int node, String as) {
    NodeProcess victim = cluster.node(node);
    boolean rare = point.isRare();
    int pass = rare ? 1 : 1 + random.nextInt(PASSES_MAX);
    if (point == FailPoint.BEFORE_SWITCH || point == FailPoint.AFTER_SWITCH) {
      missMuch(node);
      Saboteur.arm(victim, point, pass);
      cluster.start(node);
    } else {
      Saboteur.arm(victim, point, pass);
    }

    assertThat(victim.awaitEnd(SOON)).as("exit code of node %d", node).isEqualTo(KILLED);

    assertThat(Saboteur.crossed(victim)).isEqualTo(point);
    System.out.printf("%s: node %d died as %s, at pass %d%n", point, node, as, pass);
    Saboteur.disarm(victim);
    cluster.start(node);
    cluster.awaitReady();
    workload().awaitAcknowledged(SOME, SOON);
    housekeeping().awaitRound(SOON);
  }

  /** Kills a node until the others have purged what it would need. */
  private static void missMuch(int node) {
    cluster.kill(node);
    housekeeping().publishMuch();
    Await.until(
        "the logs are purged",
        SOON,
        () -> {
          for (int other : cluster.ids().filter(n -> n != node).toList()) {
            if (cluster.node(other).largestRaftLog() > 4 << 20) {
              return false;
            }
          }
          return true;
        });
  }

  @AfterAll
  static void nothingIsLostAndReplicasAreEqual() {
    try {
      housekeeping().stop();
      cluster.awaitWhole();
      Verdict.sound(cluster, workload());
      for (String topic : new String[] {"orders", "trimmed", "latest"}) {
        Script.Result result =
            Script.in(NodeProcess.home())
                .run(SOON, "./flotilla", "verify", topic, "--server", cluster.servers());
        assertThat(result.exitCode()).as(result.output()).isZero();
      }
    } finally {
      workload().close();
    }
  }
}
