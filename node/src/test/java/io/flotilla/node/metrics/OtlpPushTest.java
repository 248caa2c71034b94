package io.flotilla.node.metrics;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.flotilla.node.config.MetricsConfig;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A collector gets what a scraper gets. */
class OtlpPushTest {

  private static final long SECONDS_MAX = 30;

  @Test
  void metricsArePushedToACollector() throws Exception {
    BlockingQueue<ExportMetricsServiceRequest> heard = new ArrayBlockingQueue<>(100);
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    collector.createContext(
        "/v1/metrics",
        exchange -> {
          heard.add(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    String url = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/metrics";
    MetricsConfig config = new MetricsConfig(10, 10, false, url, Duration.ofSeconds(1));
    try (NodeMeters meters = new NodeMeters(7, config)) {
      TrafficMeters traffic = new TrafficMeters(meters, 10, System::nanoTime);
      meters.beforeRead(() -> traffic.refresh(id -> "orders"));
      traffic.topic(1).published(3, 300, 1_000);

      ExportMetricsServiceRequest pushed = null;
      while (pushed == null || named(pushed, "flotilla.published.events").isEmpty()) {
        pushed = requireNonNull(heard.poll(SECONDS_MAX, TimeUnit.SECONDS), "nothing was pushed");
      }
      Metric events = named(pushed, "flotilla.published.events").get(0);
      assertThat(events.getSum().getDataPointsList())
          .anyMatch(
              point ->
                  point.getAsDouble() == 3
                      && point.getAttributesList().toString().contains("orders"));
      assertThat(pushed.toString()).contains("service.name", "flotilla");
      assertThat(meters.scrape())
          .contains("flotilla_published_events_total{node=\"7\",topic=\"orders\"} 3.0");
    } finally {
      collector.stop(0);
    }
  }

  private static List<Metric> named(ExportMetricsServiceRequest pushed, String name) {
    return pushed.getResourceMetricsList().stream()
        .map(ResourceMetrics::getScopeMetricsList)
        .flatMap(List::stream)
        .flatMap(scope -> scope.getMetricsList().stream())
        .filter(metric -> metric.getName().equals(name))
        .toList();
  }
}
