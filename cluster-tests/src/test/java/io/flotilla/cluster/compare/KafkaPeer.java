package io.flotilla.cluster.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three brokers of Apache Kafka that are controllers, too (KRaft), with the heap and the collector
 * of Kafka's own start scripts; loaded by KafkaLoad.
 */
final class KafkaPeer implements Peer {
  private static final int BROKERS = 3;
  private static final long STOP_SECONDS = 30;

  private final String name;
  private final boolean fsync;
  private final int port;
  private final Path kafka;
  private final Path folder;
  private final List<Process> brokers = new ArrayList<>();

  /**
   * @param fsync each append is synced before it is acknowledged, as Flotilla always does
   * @param port the first of six
   * @param kafka where lib and classes are
   */
  KafkaPeer(boolean fsync, int port, Path kafka, Path folder) {
    this.name = fsync ? "Kafka, fsync" : "Kafka";
    this.fsync = fsync;
    this.port = port;
    this.kafka = kafka;
    this.folder = folder;
  }

  @Override
  public String name() {
    return name;
  }

  private int client(int broker) {
    return port + broker - 1;
  }

  private int controller(int broker) {
    return port + BROKERS + broker - 1;
  }

  private static String all(java.util.function.IntFunction<String> each) {
    return IntStream.rangeClosed(1, BROKERS).mapToObj(each).collect(Collectors.joining(","));
  }

  private String servers() {
    return all(broker -> "127.0.0.1:" + client(broker));
  }

  @Override
  public void start() {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("log4j2.properties"), LOGGING);
      String cluster = tool("kafka.tools.StorageTool", "random-uuid").strip();
      for (int broker = 1; broker <= BROKERS; broker++) {
        Path properties = folder.resolve(broker + ".properties");
        Files.writeString(properties, properties(broker));
        tool("kafka.tools.StorageTool", "format", "-t", cluster, "-c", properties.toString());
      }
      for (int broker = 1; broker <= BROKERS; broker++) {
        brokers.add(start(broker));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start(int broker) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Processes.java());
    command.addAll(List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20"));
    command.add("-XX:InitiatingHeapOccupancyPercent=35");
    command.add("-Dlog4j2.configurationFile=" + folder.resolve("log4j2.properties"));
    command.addAll(List.of("-cp", classPath(), "kafka.Kafka"));
    command.add(folder.resolve(broker + ".properties").toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(broker + ".log").toFile())
        .start();
  }

  private String properties(int broker) {
    String more = fsync ? "log.flush.interval.messages=1\n" : "";
    return """
        process.roles=broker,controller
        node.id=%d
        controller.quorum.voters=%s
        listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
        advertised.listeners=PLAINTEXT://127.0.0.1:%d
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
        log.dirs=%s
        offsets.topic.replication.factor=3
        share.coordinator.state.topic.replication.factor=3
        transaction.state.log.replication.factor=3
        min.insync.replicas=2
        auto.create.topics.enable=false
        log.segment.delete.delay.ms=1000
        group.initial.rebalance.delay.ms=0
        %s"""
        .formatted(
            broker,
            all(n -> n + "@127.0.0.1:" + controller(n)),
            client(broker),
            controller(broker),
            client(broker),
            folder.resolve(broker + ".data"),
            more);
  }

  private static final String LOGGING =
      """
      status = error
      appender.out.type = Console
      appender.out.name = out
      appender.out.layout.type = PatternLayout
      appender.out.layout.pattern = [%d] %p %m (%c)%n
      rootLogger.level = warn
      rootLogger.appenderRef.out.ref = out
      """;

  private String classPath() {
    return kafka.resolve("classes") + ":" + kafka.resolve("lib") + "/*";
  }

  /** A thousand of Kafka's producers in one process need more than two gigabytes. */
  private String tool(String main, String... arguments) {
    List<String> command = new ArrayList<>(List.of(Processes.java(), "-Xmx6g"));
    command.add("-Dlog4j2.configurationFile=" + folder.resolve("log4j2.properties"));
    command.addAll(List.of("-cp", classPath(), main));
    command.addAll(List.of(arguments));
    return Processes.output(folder, command.toArray(String[]::new));
  }

  @Override
  public List<Long> pids() {
    return brokers.stream().map(Process::pid).toList();
  }

  @Override
  public JsonNode run(Load load, int warmSeconds, int seconds) {
    String output =
        tool(
            "KafkaLoad",
            "mode=" + load.mode(),
            "servers=" + servers(),
            "topic=" + load.name(),
            "partitions=" + Load.PARTITIONS,
            "replication=" + Load.REPLICATION,
            "size=" + load.size(),
            "compression=" + load.compression(),
            "linger=" + load.lingerMs(),
            "rate=" + load.rate(),
            "clients=" + load.clients(),
            "warm=" + warmSeconds,
            "duration=" + seconds,
            "pids=" + pids().stream().map(String::valueOf).collect(Collectors.joining(",")));
    String last = output.strip().substring(output.strip().lastIndexOf('\n') + 1);
    try {
      return new ObjectMapper().readTree(last);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(output, e);
    }
  }

  @Override
  public void close() {
    brokers.forEach(Process::destroy);
    for (Process broker : brokers) {
      try {
        if (!broker.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
          broker.destroyForcibly();
        }
      } catch (InterruptedException e) {
        broker.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
