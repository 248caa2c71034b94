import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The load that {@code flotilla bench publish} and {@code end-to-end} make, made on Kafka, with
 * figures of the same names as JSON, so that both are measured alike: acks from all, the same
 * values, warm-up, five windows, latencies of an open loop from when an event was due; for reading, as
 * {@code bench subscribe} does it, the second of two rounds. The topic is deleted in the end.
 *
 * <p>Options as name=value: mode (publish, lone, end-to-end, read), servers, topic, partitions,
 * replication, size, compression, linger, rate, clients (producers or readers), warm, duration
 * (seconds; together the time of filling what is read), pids (of the brokers).
 */
public final class KafkaLoad {
  private static final int WINDOWS = 5;
  private static final int VALUES = 2_000;
  private static final double TICKS_A_SECOND = 100; // Of /proc, on every Linux that we use.

  private final Map<String, String> options = new TreeMap<>();
  private final Histogram acknowledged = new ConcurrentHistogram(3);
  private final Histogram delivered = new ConcurrentHistogram(3);
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile boolean stop;

  private KafkaLoad(String[] args) {
    for (String arg : args) {
      int equals = arg.indexOf('=');
      options.put(arg.substring(0, equals), arg.substring(equals + 1));
    }
  }

  public static void main(String[] args) throws Exception {
    KafkaLoad load = new KafkaLoad(args);
    load.createTopic();
    System.out.println(load.run());
    load.deleteTopic();
    System.exit(0);
  }

  private String text(String name) {
    return options.getOrDefault(name, "");
  }

  private int number(String name) {
    return Integer.parseInt(options.getOrDefault(name, "0"));
  }

  private Map<String, Object> client(Object... more) {
    Map<String, Object> config = new TreeMap<>(Map.of("bootstrap.servers", text("servers")));
    for (int i = 0; i < more.length; i += 2) {
      config.put((String) more[i], more[i + 1]);
    }
    return config;
  }

  private void createTopic() throws Exception {
    try (Admin admin = Admin.create(client())) {
      short replication = (short) number("replication");
      NewTopic topic =
          new NewTopic(text("topic"), number("partitions"), replication)
              .configs(Map.of("min.insync.replicas", replication > 1 ? "2" : "1"));
      try {
        admin.createTopics(List.of(topic)).all().get(1, TimeUnit.MINUTES);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  private void deleteTopic() throws Exception {
    try (Admin admin = Admin.create(client())) {
      admin.deleteTopics(List.of(text("topic"))).all().get(1, TimeUnit.MINUTES);
    }
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        client(
            "acks", "all",
            "linger.ms", number("linger"),
            "batch.size", number("linger") > 0 ? 131_072 : 16_384,
            "compression.type", options.getOrDefault("compression", "none")),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private String run() throws Exception {
    String mode = text("mode");
    if (mode.equals("read")) {
      return readBack();
    }
    CountDownLatch reading = new CountDownLatch(mode.equals("end-to-end") ? 1 : 0);
    Thread reader = new Thread(() -> read(reading), "reader");
    reader.setDaemon(true);
    if (reading.getCount() > 0) {
      reader.start();
    }
    reading.await();
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < number("clients"); i++) {
      writers.add(new Thread(() -> write(mode), "writer"));
    }
    writers.forEach(Thread::start);
    TimeUnit.SECONDS.sleep(number("warm"));
    String result = measure();
    stop = true;
    for (Thread writer : writers) {
      writer.join();
    }
    return result;
  }

  private void write(String mode) {
    switch (mode) {
      case "publish" -> publish(false);
      case "lone" -> publish(true);
      case "end-to-end" -> publishWhenDue();
      default -> throw new IllegalArgumentException(mode);
    }
  }

  /** Fills the topic at a steady rate, then has every reader read all of it, twice. */
  private String readBack() throws Exception {
    Thread writer = new Thread(this::publishWhenDue, "writer");
    writer.start();
    TimeUnit.SECONDS.sleep(number("warm") + number("duration"));
    stop = true;
    writer.join();
    long filled = bytes.get();
    readAll(filled);
    double nodes = cpu(pids());
    double self = cpu(List.of("self"));
    long begun = System.nanoTime();
    readAll(filled);
    double seconds = (System.nanoTime() - begun) / 1e9;
    double gb = number("clients") * filled / 1e9;
    return String.format(
        Locale.ROOT,
        "{\"throughput\":{\"mb_per_second\":%.3f},\"nodes\":{\"cpu_seconds_per_gb\":%.3f},"
            + "\"client\":{\"cpu_seconds_per_gb\":%.3f}}",
        gb * 1e3 / seconds,
        (cpu(pids()) - nodes) / gb,
        (cpu(List.of("self")) - self) / gb);
  }

  private void readAll(long filled) throws InterruptedException {
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < number("clients"); i++) {
      readers.add(new Thread(() -> readUntil(filled), "reader"));
    }
    readers.forEach(Thread::start);
    for (Thread reader : readers) {
      reader.join();
    }
  }

  private void readUntil(long filled) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            client(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (int i = 0; i < number("partitions"); i++) {
        partitions.add(new TopicPartition(text("topic"), i));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long got = 0;
      while (got < filled) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          got += record.value().length;
        }
      }
    }
  }

  private String measure() throws Exception {
    acknowledged.reset();
    delivered.reset();
    double nodesBefore = cpu(pids());
    double selfBefore = cpu(List.of("self"));
    long bytesBefore = bytes.get();
    long begun = System.nanoTime();
    double[] rates = new double[WINDOWS];
    for (int i = 0; i < WINDOWS; i++) {
      long before = bytes.get();
      long start = System.nanoTime();
      TimeUnit.MILLISECONDS.sleep(1_000L * number("duration") / WINDOWS);
      rates[i] = (bytes.get() - before) / 1e6 / ((System.nanoTime() - start) / 1e9);
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    double gb = (bytes.get() - bytesBefore) / 1e9;
    double nodes = cpu(pids()) - nodesBefore;
    double self = cpu(List.of("self")) - selfBefore;
    Arrays.sort(rates);
    return String.format(
        Locale.ROOT,
        "{\"failed\":%d,\"throughput\":{\"mb_per_second\":%.3f,\"mb_per_second_min\":%.3f,"
            + "\"mb_per_second_max\":%.3f},\"latency\":%s,\"delivery\":%s,"
            + "\"nodes\":{\"cpu_seconds_per_gb\":%.3f,\"cores\":%.3f,\"resident_mib\":%d},"
            + "\"client\":{\"cpu_seconds_per_gb\":%.3f,\"cores\":%.3f}}",
        failed.get(),
        rates[WINDOWS / 2],
        rates[0],
        rates[WINDOWS - 1],
        spread(acknowledged),
        spread(delivered),
        nodes / gb,
        nodes / seconds,
        residentMib(),
        self / gb,
        self / seconds);
  }

  private static String spread(Histogram micros) {
    return String.format(
        Locale.ROOT,
        "{\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":%.3f}",
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(90) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        micros.getValueAtPercentile(99.9) / 1e3,
        micros.getMaxValue() / 1e3);
  }

  /** Closed loop: as fast as acknowledgements come, or one after the other. */
  private void publish(boolean lone) {
    List<byte[]> values = values();
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (long n = 0; !stop; n++) {
        var sent = send(producer, values.get((int) (n % VALUES)), System.nanoTime());
        if (lone) {
          await(sent);
        }
      }
    }
  }

  /** Open loop: an event is sent when it is due, whatever the cluster does. */
  private void publishWhenDue() {
    List<byte[]> values = values();
    long step = 1_000_000_000L / number("rate");
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      long begun = System.nanoTime();
      for (long n = 0; !stop; n++) {
        long due = begun + n * step;
        for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
        byte[] value = values.get((int) (n % VALUES)).clone();
        ByteBuffer.wrap(value).putLong(due);
        send(producer, value, due);
      }
    }
  }

  private java.util.concurrent.Future<?> send(
      KafkaProducer<byte[], byte[]> producer, byte[] value, long due) {
    return producer.send(
        new ProducerRecord<>(text("topic"), value),
        (metadata, fault) -> {
          if (fault != null) {
            failed.incrementAndGet();
            return;
          }
          acknowledged.recordValue(Math.max(0, (System.nanoTime() - due) / 1_000));
          bytes.addAndGet(value.length);
        });
  }

  private static void await(java.util.concurrent.Future<?> sent) {
    try {
      sent.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read(CountDownLatch ready) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            client("group.id", UUID.randomUUID().toString(), "auto.offset.reset", "latest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(text("topic")));
      while (!stop) {
        var records = consumer.poll(Duration.ofMillis(100));
        long now = System.nanoTime();
        if (ready.getCount() > 0 && !consumer.assignment().isEmpty()) {
          consumer.assignment().forEach(consumer::position);
          ready.countDown();
        }
        records.forEach(
            record -> {
              long due = ByteBuffer.wrap(record.value()).getLong();
              delivered.recordValue(Math.max(0, (now - due) / 1_000));
            });
      }
    }
  }

  /** JSON-like text, as flotilla bench makes it. */
  private List<byte[]> values() {
    Random random = new Random(1);
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < VALUES; i++) {
      StringBuilder text = new StringBuilder("{\"user\":").append(random.nextInt(1_000_000));
      while (text.length() < number("size")) {
        text.append(",\"f").append(random.nextInt(50)).append("\":").append(random.nextLong());
      }
      text.setLength(number("size") - 1);
      values.add(text.append('}').toString().getBytes(StandardCharsets.US_ASCII));
    }
    return values;
  }

  private List<String> pids() {
    return List.of(text("pids").split(","));
  }

  private static double cpu(List<String> pids) throws Exception {
    double ticks = 0;
    for (String pid : pids) {
      String line = Files.readString(Path.of("/proc", pid, "stat"));
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
      ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
    return ticks / TICKS_A_SECOND;
  }

  private long residentMib() throws Exception {
    long most = 0;
    for (String pid : pids()) {
      for (String line : Files.readAllLines(Path.of("/proc", pid, "status"))) {
        if (line.startsWith("VmRSS:")) {
          most = Math.max(most, Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024);
        }
      }
    }
    return most;
  }
}
