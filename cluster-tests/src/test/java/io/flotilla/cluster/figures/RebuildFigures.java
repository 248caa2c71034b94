package io.flotilla.cluster.figures;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.cluster.harness.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Measures what the rebuild of a replica costs: how fast it goes, and what a lone synchronous
 * publish beside it takes, against one while nothing is rebuilt. Arguments: megabytes to rebuild
 * (300), then raft.rebuild-bytes-per-second (0 = no bound).
 */
public final class RebuildFigures {

  private static final int EVENT_BYTES = 10_000;
  private static final int UNDER_WAY_MAX = 500;
  private static final int PUBLISHES = 2_000;
  private static final String COMPLETE = "rebuild is complete";

  private RebuildFigures() {}

  public static void main(String[] args) throws Exception {
    int megabytes = args.length > 0 ? Integer.parseInt(args[0]) : 300;
    String bound = args.length > 1 ? args[1] : "0";
    TestCluster cluster =
        TestCluster.of(3)
            .with("raft.log-keep-bytes: 16MiB\nraft.checkpoint-bytes: 16MiB")
            .with("raft.rebuild-bytes-per-second: " + bound);
    try (cluster) {
      cluster.start();
      cluster.createTopic("lone", 1);
      cluster.createTopic("away", 1);
      int leader = cluster.awaitLeader("away", 0);
      int away = cluster.ids().filter(node -> node != leader).findFirst().orElseThrow();
      publish(cluster, 10);
      cluster.awaitCaughtUp();
      cluster.kill(away);
      publish(cluster, megabytes * 1_000_000 / EVENT_BYTES);
      say("before", lone(cluster, PUBLISHES, () -> false));
      cluster.start(away);
      Path log = cluster.node(away).log();
      say("during", lone(cluster, Integer.MAX_VALUE, () -> !lines(log, COMPLETE).isEmpty()));
      lines(log, COMPLETE).forEach(System.out::println);
      cluster.awaitCaughtUp();
      say("after", lone(cluster, PUBLISHES, () -> false));
    }
  }

  private static void publish(TestCluster cluster, int events) {
    Random random = new Random(1);
    byte[] value = new byte[EVENT_BYTES];
    Deque<CompletableFuture<Position>> underWay = new ArrayDeque<>();
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers());
        Producer producer = client.producer()) {
      for (int i = 0; i < events; i++) {
        random.nextBytes(value);
        underWay.add(producer.publish("away", Event.of(null, value.clone())));
        if (underWay.size() > UNDER_WAY_MAX) {
          underWay.remove().join();
        }
      }
      underWay.forEach(CompletableFuture::join);
    }
  }

  private static Histogram lone(TestCluster cluster, int publishes, BooleanSupplier done) {
    Histogram micros = new Histogram(3);
    Event event = Event.of("x".repeat(1_000));
    long looked = System.nanoTime();
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers());
        Producer producer = client.producer()) {
      producer.publish("lone", event).join();
      for (int i = 0; i < publishes; i++) {
        long started = System.nanoTime();
        producer.publish("lone", event).join();
        micros.recordValue((System.nanoTime() - started) / 1_000);
        if (started - looked > TimeUnit.MILLISECONDS.toNanos(200)) {
          looked = started;
          if (done.getAsBoolean()) {
            break;
          }
        }
      }
    }
    return micros;
  }

  private static List<String> lines(Path log, String what) {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(what)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void say(String when, Histogram micros) {
    System.out.printf(
        "lone publish %-6s  %d publishes, p50 %.2f ms, p99 %.2f ms, max %.1f ms%n",
        when,
        micros.getTotalCount(),
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        micros.getMaxValue() / 1e3);
  }
}
