package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code flotilla explain} and {@code cluster health} name what was done to a cluster, and say
 * plainly when nothing was.
 */
class ExplainTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @TempDir Path folder;

  private static Script.Result flotilla(String... words) {
    List<String> all = new ArrayList<>(List.of("./flotilla"));
    all.addAll(List.of(words));
    all.addAll(List.of("--server", cluster.server(1)));
    return Script.in(NodeProcess.home()).run(SOON, all.toArray(String[]::new));
  }

  @BeforeEach
  void everythingIsWhole() {
    cluster.ids().filter(node -> !cluster.node(node).isRunning()).forEach(cluster::start);
    cluster.awaitReady();
    cluster.awaitCaughtUp();
  }

  @Test
  void explainPartitionNamesTheNodesThatWereKilled() throws IOException {
    cluster.createTopic("orders", 1);
    cluster.awaitReady();
    cluster.awaitCaughtUp();
    Script.Result well = flotilla("explain", "partition", "orders/0");
    assertThat(well.exitCode()).as(well.output()).isZero();
    assertThat(well.output()).contains("orders/0 is well: node ", "all 3 replicas answer");
    assertThat(flotilla("cluster", "health").exitCode()).isZero();

    cluster.kill(2);
    cluster.kill(3);
    Await.until(
        "the one that is left does not lead any more",
        SOON,
        () -> flotilla("explain", "partition", "orders/0").output().contains("has no leader"));
    Script.Result ill = flotilla("explain", "partition", "orders/0");
    assertThat(ill.exitCode()).as(ill.output()).isEqualTo(1);
    assertThat(ill.output())
        .contains("orders/0 has no leader: nothing can be written to it")
        .contains("2 of its 3 replicas are silent: node 2 at ", ", node 3 at ")
        .containsPattern("node 3 at \\S+ for \\d+ (ms|s|min);")
        .contains("a leader needs 2 of 3 that answer", "bring back node 2 or node 3: start it");
    JsonNode json =
        new ObjectMapper()
            .readTree(flotilla("explain", "partition", "orders/0", "-o", "json").output());
    assertThat(json.get("result").asText()).isEqualTo("fail");
    assertThat(json.get("writable").asBoolean()).isFalse();
    for (JsonNode replica : json.get("replicas")) {
      assertThat(replica.get("silent_ms").isNull())
          .as(replica.toString())
          .isEqualTo(replica.get("node").asInt() == 1);
    }

    Script.Result unhealthy = flotilla("cluster", "health");
    assertThat(unhealthy.exitCode()).as(unhealthy.output()).isEqualTo(1);
    assertThat(unhealthy.output())
        .contains("not healthy: ", "node 2 at ", "(NodeDown)", "(PartitionsLeaderless)");
    Script.Result late = flotilla("cluster", "health", "--wait", "--timeout", "3s");
    assertThat(late.exitCode()).as(late.output()).isEqualTo(1);
    assertThat(late.output()).contains("waiting: not healthy: ");

    long began = System.nanoTime();
    Script.Result published = flotilla("publish", "orders", "--value", "a", "--timeout", "2s");
    assertThat(published.exitCode()).as(published.output()).isNotZero();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));

    cluster.start(2);
    cluster.start(3);
    Script.Result again = flotilla("cluster", "health", "--wait", "--timeout", "50s");
    assertThat(again.exitCode()).as(again.output()).isZero();
    assertThat(again.output()).contains("healthy: all 3 nodes answer");
    assertThat(flotilla("explain", "partition", "orders/0").exitCode()).isZero();
  }

  @Test
  void explainGroupSaysThatNobodyReads() throws IOException {
    cluster.createTopic("bills", 1);
    Path lines = folder.resolve("lines");
    Files.writeString(lines, "a\nb\nc\n");
    assertThat(flotilla("publish", "bills", lines.toString()).exitCode()).isZero();
    Script.Result read =
        flotilla("subscribe", "bills", "--group", "billing", "--from", "earliest", "--max", "3");
    assertThat(read.exitCode()).as(read.output()).isZero();
    Script.Result well = flotilla("explain", "group", "billing");
    assertThat(well.exitCode()).as(well.output()).isZero();
    assertThat(well.output()).startsWith("billing has no members").doesNotContain("because");

    assertThat(flotilla("publish", "bills", lines.toString()).exitCode()).isZero();
    Script.Result ill = flotilla("explain", "group", "billing");
    assertThat(ill.exitCode()).as(ill.output()).isEqualTo(1);
    assertThat(ill.output())
        .startsWith("billing has no members; 3 events wait, the oldest for ")
        .contains("bills/0: nobody reads: the group has no members; 3 events wait for ")
        .contains("flotilla subscribe bills --group billing");
    JsonNode json =
        new ObjectMapper().readTree(flotilla("explain", "group", "billing", "-o", "json").output());
    assertThat(json.get("partitions").get(0).get("standing").asText()).isEqualTo("no_members");

    Script.Result unknown = flotilla("explain", "group", "nobody");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.output()).contains("(GROUP_NOT_FOUND)", "flotilla group list");
  }
}
