package io.flotilla.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests are counted by name and end, and no caller can make more series than there may be. */
class RequestMetersTest {

  private final NodeMeters meters = new NodeMeters();
  private final RequestMeters requests = new RequestMeters(meters);

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void aCallIsCountedByItsEnd() {
    RequestMeters.Rpc rpc = requests.rpc("flotilla.v1.ProducerService/Publish");
    rpc.ended("OK");
    rpc.ended("OK");
    rpc.ended("DISK_FULL");
    rpc.took(10_000_000);
    requests.batchAnswered("OK");

    assertThat(meters.scrape().lines())
        .contains(
            "flotilla_requests_total{reason=\"OK\",rpc=\"ProducerService/Publish\"} 2.0",
            "flotilla_requests_total{reason=\"DISK_FULL\",rpc=\"ProducerService/Publish\"} 1.0",
            "flotilla_requests_total{reason=\"OK\","
                + "rpc=\"ProducerService/PublishStream.Batch\"} 1.0",
            "flotilla_request_seconds_bucket{rpc=\"ProducerService/Publish\",le=\"0.025\"} 1");
  }

  @Test
  void aStreamIsActiveUntilItEnds() {
    RequestMeters.Rpc rpc = requests.rpc("flotilla.v1.ConsumerService/Subscribe");
    rpc.opened();
    rpc.opened();
    rpc.closed();
    requests.connected();

    assertThat(meters.scrape().lines())
        .contains(
            "flotilla_streams_active{rpc=\"ConsumerService/Subscribe\"} 1.0",
            "flotilla_connections_active 1.0");
  }

  @Test
  void thereAreNoMorePairsThanThereMayBe() {
    RequestMeters.Rpc rpc = requests.rpc("flotilla.v1.ProducerService/Publish");
    for (int i = 0; i < 2_000; i++) {
      rpc.ended("R" + i);
    }

    assertThat(meters.scrape().lines().filter(line -> line.startsWith("flotilla_requests_total{")))
        .hasSizeLessThanOrEqualTo(502)
        .contains("flotilla_requests_total{reason=\"_other\",rpc=\"_other\"} 1500.0");
  }
}
