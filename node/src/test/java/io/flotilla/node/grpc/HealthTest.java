package io.flotilla.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.node.FlotillaNode;
import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.config.ConsoleConfig;
import io.flotilla.node.config.GrpcConfig;
import io.flotilla.node.config.HttpConfig;
import io.flotilla.node.config.NodeConfig;
import io.flotilla.node.config.PartitionConfig;
import io.flotilla.node.config.TracingConfig;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Health says of each service what is so: while a node starts, serves, leaves, and has failed. */
class HealthTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final List<String> SERVICES =
      List.of(
          "",
          "flotilla.ready",
          "flotilla.v1.ProducerService",
          "flotilla.v1.ConsumerService",
          "flotilla.v1.GroupConsumerService",
          "flotilla.v1.GroupAdminService",
          "flotilla.v1.AdminService",
          "flotilla.v1.ClusterService");

  @TempDir Path folder;
  private final ExecutorService starts = Executors.newCachedThreadPool();
  private List<ClusterNode> addresses = List.of();
  private int http; // of the first node

  @BeforeEach
  void choose() throws Exception {
    List<ClusterNode> free = LocalCluster.addresses(4);
    addresses = free.subList(0, 3);
    http = free.get(3).grpcPort();
  }

  @AfterEach
  void end() {
    starts.shutdownNow();
  }

  private FlotillaNode node(int id) {
    NodeConfig config =
        LocalCluster.config(
            addresses.get(id - 1),
            addresses,
            folder,
            GrpcConfig.defaults(),
            PartitionConfig.defaults(),
            TracingConfig.defaults(),
            new HttpConfig("127.0.0.1", id == 1 ? http : 0, ConsoleConfig.defaults()));
    return new FlotillaNode(
        config,
        (what, cause) -> {
          throw new AssertionError(what, cause);
        });
  }

  private CompletableFuture<Void> start(FlotillaNode node) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            node.start();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        starts);
  }

  private ManagedChannel channel(int id) {
    return NettyChannelBuilder.forAddress("127.0.0.1", addresses.get(id - 1).grpcPort())
        .usePlaintext()
        .build();
  }

  /** What the first node, whose HTTP port is open, says of itself. */
  private String ready() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + http + "/ready");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static ServingStatus status(ManagedChannel channel, String service) {
    return HealthGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private static Answers<HealthCheckRequest, HealthCheckResponse> watch(
      ManagedChannel channel, String service) {
    Answers<HealthCheckRequest, HealthCheckResponse> answers = new Answers<>();
    HealthGrpc.newStub(channel)
        .watch(HealthCheckRequest.newBuilder().setService(service).build(), answers);
    return answers;
  }

  private static List<ServingStatus> seen(
      Answers<HealthCheckRequest, HealthCheckResponse> answers) {
    return answers.seen().stream().map(HealthCheckResponse::getStatus).toList();
  }

  @Test
  void aNodeServesFromWhenItKnowsTheClusterUntilItLeaves() throws Exception {
    ManagedChannel channel = channel(1);
    FlotillaNode first = node(1); // Closed below, once.
    try (FlotillaNode second = node(2);
        FlotillaNode third = node(3)) {
      CompletableFuture<Void> alone = start(first);
      for (String service : SERVICES) {
        assertThat(status(channel, service)).as(service).isEqualTo(ServingStatus.NOT_SERVING);
      }
      assertThat(alone).isNotDone();
      await().atMost(SOON).ignoreExceptions().until(() -> !ready().isEmpty());
      assertThat(ready())
          .isEqualTo("not ready: starting: waits until every node of the new cluster answers\n");
      var watched = watch(channel, "flotilla.v1.ProducerService");
      watched.await(1);

      CompletableFuture.allOf(alone, start(second), start(third)).get(60, TimeUnit.SECONDS);
      for (String service : SERVICES) {
        assertThat(status(channel, service)).as(service).isEqualTo(ServingStatus.SERVING);
      }
      watched.await(2);
      assertThat(ready()).isEqualTo("ready\n");

      long begin = System.nanoTime();
      first.close();
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      assertThat(watched.awaitEnd())
          .extracting(HealthCheckResponse::getStatus)
          .containsExactly(
              ServingStatus.NOT_SERVING, ServingStatus.SERVING, ServingStatus.NOT_SERVING);
      assertThat(took).as("a watcher does not hold a node up").isLessThan(Duration.ofSeconds(5));
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void nobodyIsToldOfAServiceThatIsNotThere() throws Exception {
    ManagedChannel channel = channel(1);
    try (FlotillaNode first = node(1)) {
      var unused = start(first);
      status(channel, "");
      Assertions.assertThatThrownBy(() -> status(channel, "flotilla.v1.NoService"))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void aNodeThatHasFailedNeverServesAgain() throws Exception {
    ServiceHealth health = new ServiceHealth();
    health.add("a");
    var server =
        NettyServerBuilder.forPort(addresses.get(0).grpcPort())
            .addService(health.service())
            .build()
            .start();
    ManagedChannel channel = channel(1);
    try {
      health.serving(true);
      assertThat(status(channel, "a")).isEqualTo(ServingStatus.SERVING);
      var watched = watch(channel, "a");
      watched.await(1);
      health.end();
      health.serving(true);
      await().atMost(SOON).until(() -> seen(watched).contains(ServingStatus.NOT_SERVING));
      assertThat(status(channel, "a")).isEqualTo(ServingStatus.NOT_SERVING);
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  /** Several threads may meet the fault; what the last log line says is what to do about it. */
  @Test
  void aNodeThatFailsTwiceSaysNothingOfItAfterwards() {
    List<LogRecord> printed = new CopyOnWriteArrayList<>();
    Handler listener =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            printed.add(line);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger grpc = Logger.getLogger("io.grpc");
    grpc.addHandler(listener);
    try {
      ServiceHealth health = new ServiceHealth();
      health.end();
      health.end();
    } finally {
      grpc.removeHandler(listener);
    }
    assertThat(printed).extracting(LogRecord::getMessage).isEmpty();
  }
}
