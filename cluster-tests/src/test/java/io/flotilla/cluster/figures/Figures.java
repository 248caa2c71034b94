package io.flotilla.cluster.figures;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.cluster.group.TakeoverFigures;
import io.flotilla.cluster.harness.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Measures a cluster of real processes with the Java client and prints one line a figure:
 * throughput of 1 KiB events, a lone synchronous publish, the pause when a leader is killed, the
 * start of a node, memory at rest. Medians of windows in one run. Arguments: nodes (1 or 3), then
 * the figures wanted: rest, throughput, lone, kill, start; none means all. And, only when asked
 * for, memory: what many partitions take under minutes of load; groups: very many members;
 * takeover: a consumer that is killed; churn: topics that come and go; idle: clients that do
 * nothing; and, by itself, watch: what metrics, console and traces cost.
 */
public final class Figures {

  private static final List<String> ALL = List.of("rest", "throughput", "lone", "kill", "start");
  private static final int WINDOWS = 5;
  private static final Duration WINDOW = Duration.ofSeconds(8);
  private static final Duration WARM_UP = Duration.ofSeconds(25);
  private static final int KILLS = 20;

  private final TestCluster cluster;
  private final int nodes;

  private Figures(TestCluster cluster, int nodes) {
    this.cluster = cluster;
    this.nodes = nodes;
  }

  public static void main(String[] args) throws Exception {
    int nodes = args.length == 0 ? 3 : Integer.parseInt(args[0]);
    if (List.of(args).contains("watch")) {
      WatchFigures.run(nodes);
      return;
    }
    try (TestCluster cluster = TestCluster.of(nodes).start()) {
      cluster.awaitReady();
      Figures figures = new Figures(cluster, nodes);
      try {
        figures.run(List.of(args).subList(Math.min(1, args.length), args.length));
      } catch (AssertionError e) {
        cluster.report("figures");
        throw e;
      }
    }
  }

  private void run(List<String> wanted) throws InterruptedException {
    for (String figure : wanted.isEmpty() ? ALL : wanted) {
      switch (figure) {
        case "rest" -> atRest();
        case "throughput" -> throughput();
        case "lone" -> loneSynchronousPublish();
        case "kill" -> pausesOnLeaderKill();
        case "start" -> restart();
        case "groups" -> new GroupFigures(cluster).run();
        case "takeover" -> TakeoverFigures.run(cluster);
        case "churn" -> new ChurnFigures(cluster).run();
        case "idle" -> new IdleFigures(cluster).run();
        case "memory" -> new MemoryUnderLoad(cluster, SteadyLoad.values()).run();
        default -> throw new IllegalArgumentException(figure + " is no figure");
      }
    }
  }

  private List<Long> pids() {
    return cluster.ids().map(n -> cluster.node(n).pid()).toList();
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation is a library that nothing else needs.
  private void say(String what, String format, Object... values) {
    System.out.printf("%d nodes  %-28s  %s%n", nodes, what, String.format(format, values));
  }

  private void atRest() throws InterruptedException {
    cluster.createTopic("rest", 3);
    double before = ProcessCost.cpuSeconds(pids());
    TimeUnit.SECONDS.sleep(10);
    double idle = (ProcessCost.cpuSeconds(pids()) - before) / nodes / 10;
    say(
        "at rest, a node",
        "%d MiB resident, %d threads, %.1f %% of a core",
        ProcessCost.residentMiB(pids()),
        ProcessCost.threads(pids()),
        100 * idle);
  }

  private void throughput() throws InterruptedException {
    double[] megabytes = new double[WINDOWS];
    double[] cost = new double[WINDOWS];
    long failed;
    try (SteadyLoad load =
        SteadyLoad.start(cluster, "throughput", SteadyLoad.FLAT_OUT, event -> event)) {
      load.window(WARM_UP);
      for (int w = 0; w < WINDOWS; w++) {
        SteadyLoad.Window window = load.window(WINDOW);
        megabytes[w] = window.megabytesPerSecond();
        cost[w] = window.cpuSecondsPerGb();
      }
      failed = load.failed();
    }
    Arrays.sort(megabytes);
    Arrays.sort(cost);
    double median = megabytes[WINDOWS / 2];
    say(
        "publish, 1 KiB events",
        "%,.0f events/s = %.1f MB/s (%.1f to %.1f), %.1f node CPU-s/GB, %d failed, %d MiB resident",
        median * 1e6 / SteadyLoad.EVENT_BYTES,
        median,
        megabytes[0],
        megabytes[WINDOWS - 1],
        cost[WINDOWS / 2],
        failed,
        ProcessCost.residentMiB(pids()));
  }

  private void loneSynchronousPublish() {
    cluster.createTopic("lone", 1);
    Histogram micros = new Histogram(3);
    Event event = Event.of(null, SteadyLoad.values()[0]);
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers());
        Producer producer = client.producer()) {
      for (int i = 0; i < 3_000; i++) {
        producer.publish("lone", event).join();
      }
      for (int i = 0; i < 10_000; i++) {
        long started = System.nanoTime();
        producer.publish("lone", event).join();
        micros.recordValue((System.nanoTime() - started) / 1_000);
      }
    }
    say(
        "lone synchronous publish",
        "p50 %.2f ms, p99 %.2f ms, max %.1f ms",
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        micros.getMaxValue() / 1e3);
  }

  private void pausesOnLeaderKill() throws InterruptedException {
    if (nodes == 1) {
      return;
    }
    cluster.createTopic("killed", 1);
    List<Long> pauses = new ArrayList<>();
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers());
        Producer producer = client.producer()) {
      for (int kill = 0; kill < KILLS; kill++) {
        cluster.awaitCaughtUp();
        pauses.add(pause(producer));
      }
    }
    pauses.sort(null);
    say("pause on leader kill, ms", "median %d, all %s", pauses.get(KILLS / 2), pauses);
  }

  /** The longest time without an acknowledgement while a leader is killed, in milliseconds. */
  private long pause(Producer producer) throws InterruptedException {
    AtomicLong last = new AtomicLong(System.nanoTime());
    AtomicLong longest = new AtomicLong();
    int victim = cluster.awaitLeader("killed", 0);
    long began = System.nanoTime();
    boolean killed = false;
    while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(9)) {
      var unused =
          producer
              .publish("killed", Event.of("tick"))
              .thenAccept(
                  position -> {
                    long now = System.nanoTime();
                    longest.accumulateAndGet(now - last.getAndSet(now), Math::max);
                  });
      if (!killed && System.nanoTime() - began > TimeUnit.SECONDS.toNanos(2)) {
        cluster.kill(victim);
        killed = true;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    producer.flush();
    cluster.start(victim);
    cluster.awaitReady();
    return TimeUnit.NANOSECONDS.toMillis(longest.get());
  }

  private void restart() {
    long[] millis = new long[3];
    for (int i = 0; i < millis.length; i++) {
      cluster.terminate(1);
      long started = System.nanoTime();
      cluster.start(1);
      cluster.awaitReady();
      millis[i] = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    }
    Arrays.sort(millis);
    say("node start to serving, ms", "median %d, all %s", millis[1], Arrays.toString(millis));
  }
}
