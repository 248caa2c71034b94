package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.FreePorts;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import io.flotilla.proto.v1.Topic;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One node is a whole cluster, for development, and keeps its promises. */
class SingleNodeTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int SOME = 500;

  private static final int HTTP_PORT = FreePorts.take(1).get(0);

  @RegisterExtension
  static final TestCluster cluster =
      TestCluster.of(1).with("http: {port: %d}".formatted(HTTP_PORT));

  @Test
  void singleNodeSurvivesItsKill() {
    Topic topic = cluster.createTopic("orders", 3);
    assertThat(topic.getReplicationFactor()).isEqualTo(1);
    long seed = Seeds.next("SingleNodeTest");
    try (Workload workload = Workload.start(cluster.servers(), "orders", 2, seed)) {
      workload.awaitAcknowledged(SOME, SOON);

      cluster.restart(1);
      cluster.awaitReady();

      workload.awaitAcknowledged(SOME, SOON);
      Verdict.sound(cluster, workload);
    }
  }

  @Test
  void itTellsPrometheusHowItIs() throws Exception {
    cluster.createTopic("measured", 2);
    cluster.awaitLeader("measured", 1);

    assertThat(get("/ready")).isEqualTo("ready\n");
    assertThat(get("/metrics").lines())
        .contains("flotilla_replicas_damaged 0.0", "flotilla_scrub_damaged_replicas_total 0.0")
        .anyMatch(line -> line.matches("flotilla_replicas_leading [1-9].*"))
        .anyMatch(line -> line.matches("flotilla_disk_free_bytes [1-9].*"))
        .anyMatch(line -> line.matches("flotilla_raft_log_worker_sync_time_seconds_count [1-9].*"));
  }

  private static String get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + HTTP_PORT + path);
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).timeout(SOON).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }
}
