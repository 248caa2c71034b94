package io.flotilla.cluster.figures;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.flotilla.client.Admin;
import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Producer;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.TestCluster;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Whether topics that come and go leave anything behind: topics are created, written to and deleted
 * for minutes, one after the other; then threads, open files, live heap and disk of the nodes are
 * compared with those at the beginning.
 */
final class ChurnFigures {
  private static final Duration LASTS = Duration.ofSeconds(Integer.getInteger("figures.s", 600));
  private static final Duration LOOK_EVERY = Duration.ofSeconds(60);

  /** Topics before the first look: classes are loaded, pools are filled. */
  private static final int WARM_UP = 20;

  private static final int PARTITIONS = 6;
  private static final int EVENTS = 200;
  private static final int SETTLE_SECONDS = 30;

  private final TestCluster cluster;

  ChurnFigures(TestCluster cluster) {
    this.cluster = cluster;
  }

  void run() throws InterruptedException {
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers())) {
      int topics = 0;
      while (topics < WARM_UP) {
        once(client, topics++);
      }
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      say("after %d topics", topics);
      long until = System.nanoTime() + LASTS.toNanos();
      long look = System.nanoTime() + LOOK_EVERY.toNanos();
      while (System.nanoTime() < until) {
        once(client, topics++);
        if (System.nanoTime() > look) {
          look += LOOK_EVERY.toNanos();
          System.out.printf("%d topics have come and gone%n", topics);
        }
      }
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      say("after %d topics", topics);
    }
  }

  private static void once(FlotillaClient client, int number) {
    Admin admin = client.admin();
    String topic = "churn-" + number;
    admin.createTopic(NewTopic.of(topic, PARTITIONS));
    try (Producer producer = client.producer()) {
      CompletableFuture<?>[] published =
          IntStream.range(0, EVENTS)
              .mapToObj(
                  i -> producer.publish(topic, Event.of(null, ("event " + i).getBytes(US_ASCII))))
              .toArray(CompletableFuture<?>[]::new);
      CompletableFuture.allOf(published).join();
    }
    admin.deleteTopic(topic);
  }

  private void say(String when, int topics) {
    List<NodeProcess> nodes = cluster.ids().map(cluster::node).toList();
    System.out.printf(
        "%s: threads %s, open files %s, live heap MiB %s, resident MiB %s, disk MiB %s%n",
        String.format(when, topics),
        nodes.stream().map(node -> ProcessCost.threads(List.of(node.pid()))).toList(),
        nodes.stream().map(node -> entries(Path.of("/proc/" + node.pid() + "/fd"))).toList(),
        nodes.stream().map(node -> node.liveHeapBytes() >> 20).toList(),
        nodes.stream().map(node -> node.residentKib() >> 10).toList(),
        nodes.stream().map(node -> bytes(node.data()) >> 20).toList());
  }

  private static long entries(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files come and go meanwhile. */
  private static long bytes(Path folder) {
    return Stream.of(folder.toFile()).flatMap(ChurnFigures::below).mapToLong(File::length).sum();
  }

  private static Stream<File> below(File file) {
    File[] files = file.listFiles();
    return files == null ? Stream.of(file) : Stream.of(files).flatMap(ChurnFigures::below);
  }
}
