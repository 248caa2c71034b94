package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.flotilla.proto.v1.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code flotilla bench} measures what it says it does; how much comes out is not judged here. */
class BenchTest {
  private static final Duration MAX = Duration.ofSeconds(60);

  @RegisterExtension static final TestCluster cluster = TestCluster.of(1);

  @Test
  void whatIsPublishedIsReadBackByEveryReader() {
    String published = bench("publish", "--warm-up", "500ms", "--duration", "1s", "--keys", "9");
    long events = number(published, "events");
    assertThat(events).isPositive();
    assertThat(number(published, "failed")).isZero();
    assertThat(published).contains("\"cpu_seconds\"").doesNotContain("\"nodes\" : null");

    String read = bench("subscribe", "--readers", "2", "--rounds", "1");
    // Warm-up and what was under way at the end are in the topic, too.
    assertThat(number(read, "events")).isGreaterThanOrEqualTo(2 * events).isEven();
  }

  @Test
  void aRateIsKeptAndEveryEventDelivered() {
    String figures = bench("end-to-end", "--rate", "200", "--warm-up", "500ms", "--duration", "2s");
    assertThat(number(figures, "acknowledged")).isBetween(300L, 450L);
    assertThat(number(figures, "received")).isBetween(300L, 450L);
  }

  @Test
  void partitionsComeAndGo() {
    String figures = bench("partitions", "--count", "3", "--rest", "100ms");
    assertThat(number(figures, "partitions")).isEqualTo(3);
    assertThat(
            cluster
                .anyWire()
                .admin()
                .listTopics(ListTopicsRequest.getDefaultInstance())
                .getTopicsList())
        .extracting(Topic::getName)
        .noneMatch(name -> name.startsWith("bench-partitions"));
  }

  private static String bench(String... words) {
    List<String> command = new ArrayList<>(List.of("./flotilla", "bench"));
    command.addAll(List.of(words));
    command.addAll(List.of("--server", cluster.servers(), "-o", "json"));
    Script.Result run = Script.in(NodeProcess.home()).run(MAX, command.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.output()).isZero();
    return run.output();
  }

  private static long number(String json, String field) {
    Matcher found = Pattern.compile("\"" + field + "\" : (\\d+)").matcher(json);
    assertThat(found.find()).as(json).isTrue();
    return Long.parseLong(found.group(1));
  }
}
