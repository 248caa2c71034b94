package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.LoopDisk;
import io.flotilla.cluster.harness.SyncFault;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A node that cannot write any more, because its disk is full to the last byte (with the guard
 * switched off) or fails, ends at once and says why; the others go on, and it comes back.
 */
@Tag("long")
class DiskEndTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SOME = 300;
  private static final long MIB = 1 << 20;

  @RegisterExtension
  static final TestCluster cluster =
      TestCluster.of(3)
          .onDisks(300 * MIB)
          .with("raft: {checkpoint-interval: 2s}")
          .with("disk: {warn-free-percent: 0, refuse-free-percent: 0, refuse-free-bytes-min: 0,")
          .with("       reserve-bytes: 0}");

  @Test
  void aNodeWithoutASingleByteLeftEndsAndComesBackWhenThereIsRoom() throws IOException {
    cluster.createTopic("orders", 3);
    long seed = Seeds.next("DiskEndTest");
    try (Workload workload = Workload.start(cluster.servers(), "orders", 2, seed)) {
      workload.awaitAcknowledged(SOME, SOON);

      LoopDisk disk = cluster.disk(2);
      disk.fillUp();

      assertEndsSaying(2, "the disk is full: free space on it, then start the node again");
      workload.awaitAcknowledged(SOME, SOON);

      disk.free();
      cluster.start(2);
      cluster.awaitReady();
      Verdict.sound(cluster, workload);
    }
  }

  @Test
  void aNodeWhoseRaftLogCannotBeSyncedEndsAndComesBack() throws IOException {
    endsAfterFailedSync("payments", "raft", "log_inprogress_");
  }

  @Test
  void aNodeWhoseStoreCannotBeSyncedEndsAndComesBack() throws IOException {
    endsAfterFailedSync("refunds", "store", "MANIFEST-");
  }

  private static void endsAfterFailedSync(String topic, String folder, String prefix)
      throws IOException {
    SyncFault.assumeAvailable();
    int victim = cluster.createTopic(topic, 1).getPartitions(0).getReplicas(0);
    long seed = Seeds.next("DiskEndTest");
    try (Workload workload = Workload.start(cluster.servers(), topic, 2, seed)) {
      workload.awaitAcknowledged(SOME, SOON);

      // A new leader begins another file of the Raft log; the preferred one stays.
      Await.until("the preferred leader leads", SOON, () -> cluster.leaderOf(topic, 0) == victim);
      try (SyncFault fault = SyncFault.on(cluster.node(victim), newest(victim, folder, prefix))) {
        assertEndsSaying(victim, "look at the disk");
      }
      workload.awaitAcknowledged(SOME, SOON);

      cluster.start(victim);
      cluster.awaitReady();
      Verdict.sound(cluster, workload);
    }
  }

  private static void assertEndsSaying(int node, String advice) throws IOException {
    long begin = System.nanoTime();
    assertThat(cluster.node(node).awaitEnd(SOON)).isEqualTo(1);
    // The log is that of all its lives.
    List<String> log = cluster.node(node).lastLogLines(60);
    String why =
        log.stream()
            .filter(line -> line.contains("stops at once"))
            .reduce((before, last) -> last)
            .orElseThrow();
    System.out.printf("after %d ms: %s%n", (System.nanoTime() - begin) / 1_000_000, why);
    assertThat(String.join("\n", log)).contains("node ended").contains(advice);
  }

  /** The last file of that kind by its path: groups are numbered, and so are files. */
  private static Path newest(int node, String folder, String prefix) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        cluster.node(node).data().resolve(folder),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (String.valueOf(file.getFileName()).startsWith(prefix)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // The node deletes files meanwhile.
          }
        });
    return found.stream().max(Comparator.naturalOrder()).orElseThrow();
  }
}
