package io.flotilla.cluster.figures;

import com.google.common.util.concurrent.RateLimiter;
import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerOptions;
import io.flotilla.cluster.harness.TestCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * One producer that publishes events of 1 KiB at a pace, or as fast as they are taken, on a thread
 * of its own until it is closed; windows of it tell how fast that was and what it cost the nodes.
 */
final class SteadyLoad implements AutoCloseable {
  static final int EVENT_BYTES = 1024;

  /** Events a second: as many as are taken. */
  static final double FLAT_OUT = 1e9;

  private static final int IN_FLIGHT_EVENTS = 20_000;
  private static final byte[][] VALUES = values();

  private final TestCluster cluster;
  private final String topic;
  private final RateLimiter pace;
  private final UnaryOperator<Event> dress;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final FlotillaClient client;
  private final Producer producer;
  private final Thread publisher = new Thread(this::publish, "steady-load");
  private volatile boolean over;

  /** What was acknowledged in a while, and the nodes' CPU for it. */
  record Window(double megabytesPerSecond, double cpuSecondsPerGb) {}

  private SteadyLoad(
      TestCluster cluster, String topic, double eventsPerSecond, UnaryOperator<Event> dress) {
    this.cluster = cluster;
    this.topic = topic;
    this.pace = RateLimiter.create(eventsPerSecond);
    this.dress = dress;
    client = FlotillaClient.connect(cluster.servers());
    producer = client.producer(ProducerOptions.builder().linger(Duration.ofMillis(2)).build());
  }

  /**
   * Creates the topic, with six partitions, and begins.
   *
   * @param eventsPerSecond at most; {@link #FLAT_OUT} = as many as are taken
   * @param dress what each event gets before it is published, on the publisher's thread
   */
  static SteadyLoad start(
      TestCluster cluster, String topic, double eventsPerSecond, UnaryOperator<Event> dress) {
    cluster.createTopic(topic, 6);
    SteadyLoad load = new SteadyLoad(cluster, topic, eventsPerSecond, dress);
    load.publisher.start();
    return load;
  }

  /** Lets it run for so long. */
  Window window(Duration lasts) throws InterruptedException {
    long events = acknowledged.get();
    double cpu = ProcessCost.cpuSeconds(pids());
    long started = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(lasts.toNanos());
    double seconds = (System.nanoTime() - started) / 1e9;
    double megabytes = (acknowledged.get() - events) * EVENT_BYTES / 1e6;
    double cost = (ProcessCost.cpuSeconds(pids()) - cpu) / (megabytes / 1000);
    return new Window(megabytes / seconds, cost);
  }

  long failed() {
    return failed.get();
  }

  private List<Long> pids() {
    return cluster.ids().map(node -> cluster.node(node).pid()).toList();
  }

  private void publish() {
    Semaphore room = new Semaphore(IN_FLIGHT_EVENTS);
    for (int i = 0; !over; i++) {
      pace.acquire();
      room.acquireUninterruptibly();
      var unused =
          producer
              .publish(topic, dress.apply(Event.of(null, VALUES[i % VALUES.length])))
              .whenComplete(
                  (position, fault) -> {
                    room.release();
                    (fault == null ? acknowledged : failed).incrementAndGet();
                  });
    }
  }

  @Override
  public void close() throws InterruptedException {
    over = true;
    publisher.join();
    producer.close();
    client.close();
  }

  /** JSON-like text that compresses as such data does; not that it is compressed here. */
  static byte[][] values() {
    Random random = new Random(1);
    byte[][] values = new byte[500][];
    for (int i = 0; i < values.length; i++) {
      StringBuilder text = new StringBuilder("{\"user\":").append(random.nextInt(1_000_000));
      while (text.length() < EVENT_BYTES - 2) {
        text.append(",\"f").append(random.nextInt(50)).append("\":").append(random.nextLong());
      }
      text.setLength(EVENT_BYTES - 1);
      values[i] = text.append('}').toString().getBytes(StandardCharsets.US_ASCII);
    }
    return values;
  }
}
