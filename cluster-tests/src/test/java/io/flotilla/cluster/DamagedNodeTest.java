package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.Corruption;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import io.flotilla.proto.v1.DeleteTopicRequest;
import io.flotilla.proto.v1.DescribeClusterRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One node's disk loses or falsifies what the node had confirmed. It used to start with what was
 * left, and vote: with another node away, what that one and the damaged one had acknowledged was
 * gone. Or it never started again.
 */
@Tag("campaign")
class DamagedNodeTest {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final int SOME = 300;
  private static final long QUIET_MS = 1_000;

  /** Group 1, as Ratis calls its folder. */
  private static final String METADATA_FOLDER = "666c6f74-696c-6c61-0000-000000000001";

  /** Logs are purged soon, so that more than the logs has to be given to the node. */
  @RegisterExtension
  static final TestCluster cluster =
      TestCluster.of(3).with("raft: {checkpoint-interval: 1s, log-keep-bytes: 0}");

  private static int turn;

  @ParameterizedTest
  @EnumSource
  void damagedNodeIsRebuiltByTheOthersAndNothingIsLost(Corruption corruption) throws Exception {
    String topic = corruption.name().toLowerCase(Locale.ROOT);
    cluster.createTopic(topic, 2);
    int damaged = turn++ % cluster.size() + 1;
    String before = incarnation(damaged);
    long seed = Seeds.next("DamagedNodeTest");
    try (Workload workload = Workload.start(cluster.servers(), topic, 3, seed)) {
      workload.awaitAcknowledged(SOME, SOON);
      awaitWrittenDown(damaged);
      cluster.kill(damaged);
      cluster.corrupt(damaged, corruption);
      long begin = System.nanoTime();

      cluster.start(damaged);

      cluster.awaitReady();
      cluster.awaitWhole();
      System.out.println(
          corruption + " rebuilt after " + (System.nanoTime() - begin) / 1_000_000 + " ms");
      assertThat(incarnation(damaged)).isNotEqualTo(before);
      assertThat(log(damaged)).anyMatch(line -> line.contains("damaged"));
      // It counts in full: without another one, what was acknowledged is still there.
      int other = damaged % cluster.size() + 1;
      cluster.kill(other);
      workload.awaitAcknowledged(SOME, SOON);
      cluster.start(other);
      cluster.awaitReady();
      Verdict.sound(cluster, workload);
    }
    // Or the next node to be damaged would have more and more to be given back.
    cluster.anyWire().admin().deleteTopic(DeleteTopicRequest.newBuilder().setTopic(topic).build());
  }

  /**
   * A node writes down how far its logs are every 50 ms, and what is lost before that is nobody's
   * to know; so the metadata's log, in which little happens, has to have been quiet for longer.
   */
  private static void awaitWrittenDown(int node) {
    Path log = cluster.node(node).data().resolve("raft/groups/" + METADATA_FOLDER + "/current");
    Await.until(
        "the metadata's log on node " + node + " has been quiet for a second",
        SOON,
        () -> {
          try (Stream<Path> files = Files.list(log)) {
            long newest = files.mapToLong(file -> file.toFile().lastModified()).max().orElseThrow();
            return System.currentTimeMillis() - newest > QUIET_MS;
          }
        });
  }

  private static String incarnation(int node) {
    return cluster
        .anyWire()
        .cluster()
        .describeCluster(DescribeClusterRequest.getDefaultInstance())
        .getNodesList()
        .stream()
        .filter(n -> n.getNodeId() == node)
        .findFirst()
        .orElseThrow()
        .getIncarnation();
  }

  private static List<String> log(int node) throws IOException {
    return Files.readAllLines(cluster.node(node).log());
  }
}
