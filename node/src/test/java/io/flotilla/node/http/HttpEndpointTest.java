package io.flotilla.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import io.flotilla.node.config.ConsoleConfig;
import io.flotilla.node.config.HttpConfig;
import io.flotilla.node.metrics.Metric;
import io.flotilla.node.metrics.NodeMeters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an orchestrator, and Prometheus, ask a node over HTTP. */
class HttpEndpointTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final AtomicReference<String> notReady = new AtomicReference<>("starting");
  private final NodeMeters meters = new NodeMeters();
  private final HttpClient client = HttpClient.newHttpClient();
  private int port;
  private HttpEndpoint endpoint;

  @BeforeEach
  void listen() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    endpoint =
        new HttpEndpoint(
            new HttpConfig("127.0.0.1", port, ConsoleConfig.defaults()),
            notReady::get,
            meters::scrape,
            null,
            null);
    endpoint.start();
  }

  @AfterEach
  void close() {
    endpoint.close();
    meters.close();
  }

  private HttpResponse<String> call(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(SOON)
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  @Test
  void aNodeThatStartsIsAliveButNotReady() throws Exception {
    assertThat(call("GET", "/live").statusCode()).isEqualTo(200);
    assertThat(call("GET", "/ready").statusCode()).isEqualTo(503);
    assertThat(call("GET", "/ready").body()).isEqualTo("not ready: starting\n");
    notReady.set("");
    assertThat(call("GET", "/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void metricsAreReadWhenTheyAreAskedFor() throws Exception {
    AtomicLong reads = new AtomicLong(3);
    meters.process();
    meters.counter(Metric.counter("flotilla_corrupt_reads_total", "Refused reads."), reads::get);
    meters.gauge(Metric.gauge("flotilla_replicas_damaged", "Damaged replicas."), () -> 2);
    reads.set(5);

    HttpResponse<String> metrics = call("GET", "/metrics");

    assertThat(metrics.headers().firstValue("Content-Type").orElseThrow())
        .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(metrics.body().lines())
        .contains(
            "# HELP flotilla_corrupt_reads_total Refused reads.",
            "# TYPE flotilla_corrupt_reads_total counter",
            "flotilla_corrupt_reads_total 5.0",
            "flotilla_replicas_damaged 2.0")
        .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""));
  }

  @Test
  void whatIsNotThereSaysWhatIs() throws Exception {
    HttpResponse<String> answer = call("GET", "/metric");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("/live, /ready and /metrics");
    assertThat(call("POST", "/metrics").statusCode()).isEqualTo(405);
  }

  @Test
  void partitionsAreToldOnlyWhereThatIsSwitchedOn() throws Exception {
    assertThat(call("GET", "/metrics/partitions").body()).contains("metrics.partitions is true");
    endpoint.close();
    endpoint =
        new HttpEndpoint(
            new HttpConfig("127.0.0.1", port, ConsoleConfig.defaults()),
            notReady::get,
            meters::scrape,
            topic -> topic + "!",
            null);
    endpoint.start();

    assertThat(call("GET", "/metrics/partitions").body()).isEqualTo("!");
    assertThat(call("GET", "/metrics/partitions?topic=orders").body()).isEqualTo("orders!");
  }

  @Test
  void scrapesThatHangDoNotKeepANodeFromSayingThatItLives() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch disk = new CountDownLatch(1);
    endpoint.close();
    endpoint =
        new HttpEndpoint(
            new HttpConfig("127.0.0.1", port, ConsoleConfig.defaults()),
            notReady::get,
            () -> {
              begun.countDown();
              Uninterruptibles.awaitUninterruptibly(disk);
              return "late";
            },
            null,
            null);
    endpoint.start();
    List<CompletableFuture<HttpResponse<String>>> hanging = List.of(scrape(), scrape());
    begun.await();

    assertThat(scrape().get().statusCode()).isEqualTo(503);
    assertThat(call("GET", "/live").statusCode()).isEqualTo(200);

    disk.countDown();
    for (CompletableFuture<HttpResponse<String>> one : hanging) {
      assertThat(one.get().body()).isEqualTo("late");
    }
  }

  private CompletableFuture<HttpResponse<String>> scrape() {
    return client.sendAsync(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
        BodyHandlers.ofString());
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    try (HttpEndpoint second =
        new HttpEndpoint(
            new HttpConfig("127.0.0.1", port, ConsoleConfig.defaults()),
            notReady::get,
            meters::scrape,
            null,
            null)) {
      assertThatThrownBy(second::start)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("http.port " + port);
    }
  }

  @Test
  void withoutAPortNothingListens() {
    try (HttpEndpoint none =
        new HttpEndpoint(HttpConfig.defaults(), notReady::get, meters::scrape, null, null)) {
      none.start();
    }
    assertThat(new HttpConfig("", 70_000, ConsoleConfig.defaults()).validate()).hasSize(2);
  }
}
