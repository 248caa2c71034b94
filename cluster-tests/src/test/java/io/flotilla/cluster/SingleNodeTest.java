package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.FreePorts;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.v1.DeleteTopicRequest;
import io.flotilla.proto.v1.PublishRequest;
import io.flotilla.proto.v1.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
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

  /** Its groups' logs are gone on purpose. A kill takes the store back to its last flush. */
  @Test
  void deletedTopicsAreNoDamageToANodeThatStarts() {
    Path groups = cluster.node(1).data().resolve("raft/groups");
    for (String ending : List.of("stop", "kill")) {
      long before = count(groups);
      cluster.createTopic("short", 2);
      assertThat(count(groups)).isGreaterThan(before);
      publish("short", 0);
      publish("short", 1);
      cluster.terminate(1); // It flushes.
      cluster.start(1);
      cluster.awaitReady();
      var unused =
          cluster
              .wire(1)
              .admin()
              .deleteTopic(DeleteTopicRequest.newBuilder().setTopic("short").build());
      Await.until("the groups' logs are gone", SOON, () -> count(groups) == before);

      if (ending.equals("stop")) {
        cluster.terminate(1);
      } else {
        cluster.kill(1);
      }

      cluster.start(1);
      cluster.awaitReady();
      assertThat(cluster.replicas()).noneMatch(replica -> replica.getTopic().equals("short"));
    }
  }

  @Test
  void nativeCodeOfKilledNodesDoesNotPileUp() throws IOException {
    cluster.restart(1);
    cluster.restart(1);
    cluster.awaitReady();

    Path unpacked = cluster.node(1).data().resolve("native");
    assertThat(Files.readAllLines(Path.of("/proc/" + cluster.node(1).pid() + "/maps")))
        .filteredOn(mapped -> mapped.contains("librocksdb"))
        .isNotEmpty()
        .allMatch(mapped -> mapped.contains(unpacked.toString()));
    assertThat(unpacked.toFile().list((in, name) -> name.startsWith("librocksdb"))).hasSize(1);
  }

  private static void publish(String topic, int partition) {
    PublishRequest request =
        PublishRequest.newBuilder()
            .setTopic(topic)
            .setPartition(partition)
            .addEvents(Event.newBuilder().setValue(ByteString.copyFromUtf8("x")))
            .build();
    assertThat(cluster.wire(1).producer().publish(request).getPositionsCount()).isEqualTo(1);
  }

  private static long count(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void itTellsPrometheusHowItIs() throws Exception {
    cluster.createTopic("measured", 2);
    cluster.awaitLeader("measured", 1);

    assertThat(get("/ready")).isEqualTo("ready\n");
    assertThat(get("/metrics").lines())
        .contains("flotilla_replicas_damaged{node=\"1\"} 0.0")
        .contains("flotilla_scrub_damaged_replicas_total{node=\"1\"} 0.0")
        .anyMatch(line -> line.matches("flotilla_replicas_leading\\{node=\"1\"} [1-9].*"))
        .anyMatch(line -> line.matches("flotilla_disk_free_bytes\\{node=\"1\"} [1-9].*"))
        .anyMatch(line -> line.matches("flotilla_log_sync_seconds_count\\{node=\"1\"} [1-9].*"));
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
