package io.flotilla.cluster.figures;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.TestCluster;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory nodes take while many partitions are written to for minutes, as fast as they take
 * it: a line every so often, with the resident set of each node, and the largest one at the end. A
 * node that ends meanwhile ends the run.
 */
final class MemoryUnderLoad {

  private static final int PARTITIONS = Integer.getInteger("figures.partitions", 100);
  private static final Duration LASTS = Duration.ofSeconds(Integer.getInteger("figures.s", 300));
  private static final Duration LOOK_EVERY = Duration.ofSeconds(15);
  private static final int KEYS = 10_007;
  private static final int IN_FLIGHT_EVENTS = 20_000;

  private final TestCluster cluster;
  private final byte[][] values;

  MemoryUnderLoad(TestCluster cluster, byte[][] values) {
    this.cluster = cluster;
    this.values = values;
  }

  void run() throws InterruptedException {
    cluster.createTopic("memory", PARTITIONS);
    AtomicLong acknowledged = new AtomicLong();
    AtomicLong failed = new AtomicLong();
    long until = System.nanoTime() + LASTS.toNanos();
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers());
        Producer producer = client.producer()) {
      Thread publisher = new Thread(() -> publish(producer, until, acknowledged, failed));
      publisher.start();
      long[] largest = new long[cluster.size()];
      while (System.nanoTime() < until) {
        TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        long[] now = residentMiB();
        Arrays.setAll(largest, i -> Math.max(largest[i], now[i]));
        System.out.printf(
            "%d partitions  %,d events acknowledged, %d failed, MiB resident %s%n",
            PARTITIONS, acknowledged.get(), failed.get(), Arrays.toString(now));
      }
      publisher.join();
      System.out.printf(
          "%d partitions, %d s: largest resident sets, MiB: %s%n",
          PARTITIONS, LASTS.toSeconds(), Arrays.toString(largest));
      for (int node = 1; node <= cluster.size(); node++) {
        System.out.printf("live heap of node %d: %d MiB%n", node, liveHeapMiB(node));
      }
    }
  }

  private Event event(int i) {
    return Event.of(("k" + i % KEYS).getBytes(US_ASCII), values[i % values.length]);
  }

  private long[] residentMiB() {
    List<NodeProcess> nodes = cluster.ids().map(cluster::node).toList();
    return nodes.stream().mapToLong(node -> node.residentKib() >> 10).toArray();
  }

  private long liveHeapMiB(int node) {
    return cluster.node(node).liveHeapBytes() >> 20;
  }

  private void publish(Producer producer, long until, AtomicLong done, AtomicLong failed) {
    Semaphore room = new Semaphore(IN_FLIGHT_EVENTS);
    for (int i = 0; System.nanoTime() < until; i++) {
      room.acquireUninterruptibly();
      var unused =
          producer
              .publish("memory", event(i))
              .whenComplete(
                  (position, fault) -> {
                    room.release();
                    (fault == null ? done : failed).incrementAndGet();
                  });
    }
  }
}
