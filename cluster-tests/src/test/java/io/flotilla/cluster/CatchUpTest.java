package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.SubscribeRequest;
import io.flotilla.proto.v1.SubscribeResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A node that was away while the Raft log was purged behind it is rebuilt from its peers, whatever
 * happens to it meanwhile, and nobody notices but the log.
 */
@Tag("campaign")
class CatchUpTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration VERIFY_MAX = Duration.ofMinutes(2);
  private static final int EVENT_BYTES = 5_000;
  private static final int MISSED = 6_000;
  private static final String BEGINS = "rebuild begins";
  private static final String COMPLETE = "rebuild is complete";

  /** Small logs, purged soon, and a slow rebuild, so that it can be interrupted. */
  @RegisterExtension
  static final TestCluster cluster =
      TestCluster.of(3)
          .with(
              """
              batch.max-bytes: 64KiB
              raft.entry-bytes-max: 128KiB
              raft.segment-bytes: 512KiB
              raft.log-keep-bytes: 1MiB
              raft.checkpoint-bytes: 1MiB
              raft.checkpoint-interval: 1s
              raft.rebuild-bytes-per-second: 4MiB
              """);

  private final Random random = new Random(Seeds.next("CatchUpTest"));

  @BeforeEach
  void everybodyIsThere() {
    cluster.ids().filter(node -> !cluster.node(node).isRunning()).forEach(cluster::start);
    cluster.awaitReady();
  }

  @Test
  void aNodeWhoseEntriesWerePurgedIsRebuiltWhileWritesAndReadsGoOn() throws Exception {
    cluster.createTopic("ledger", 1);
    publish("ledger", 200);
    cluster.awaitCaughtUp();
    int away = awayFrom("ledger");
    publish("ledger", MISSED);
    awaitPurged(away);

    try (Workload workload = Workload.start(cluster.servers(), "beside", 2, seedOf("beside"))) {
      cluster.start(away);
      cluster.awaitReady();
      CompletableFuture<Long> reader = readAll(away, "ledger", 200 + MISSED + 500);
      awaitLog(away, COMPLETE, 1);
      publish("ledger", 500);
      cluster.awaitCaughtUp();
      assertThat(reader.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(200 + MISSED + 500);
      Verdict.sound(cluster, workload);
    }
    assertEqual("ledger");

    cluster.restart(away);
    publish("ledger", 100);
    cluster.awaitCaughtUp();
    assertEqual("ledger");
  }

  @Test
  void aNodeThatDiesInTheMiddleOfItsRebuildOrRightBehindItStartsClean() throws Exception {
    cluster.createTopic("orders", 1);
    publish("orders", 200);
    cluster.awaitCaughtUp();
    int away = awayFrom("orders");
    publish("orders", MISSED);
    awaitPurged(away);
    int begun = count(away, BEGINS);
    int complete = count(away, COMPLETE);

    cluster.start(away);
    awaitLog(away, BEGINS, begun + 1);
    cluster.kill(away);
    cluster.start(away);
    awaitLog(away, COMPLETE, complete + 1);
    cluster.restart(away);
    publish("orders", 100);
    cluster.awaitCaughtUp();

    assertEqual("orders");
  }

  private static long seedOf(String topic) {
    cluster.createTopic(topic, 1);
    return Seeds.next("CatchUpTest." + topic);
  }

  /** Kills a node that does not lead the topic; answers which. */
  private static int awayFrom(String topic) {
    int leader = cluster.awaitLeader(topic, 0);
    int away = cluster.ids().filter(node -> node != leader).findFirst().orElseThrow();
    cluster.kill(away);
    return away;
  }

  private void publish(String topic, int events) {
    byte[] value = new byte[EVENT_BYTES];
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers());
        Producer producer = client.producer()) {
      List<CompletableFuture<Position>> answers = new ArrayList<>();
      for (int i = 0; i < events; i++) {
        random.nextBytes(value);
        answers.add(producer.publish(topic, Event.of(null, value.clone())));
      }
      answers.forEach(CompletableFuture::join);
    }
  }

  /** Each group of the running nodes keeps the tail only. */
  private static void awaitPurged(int away) {
    Await.until(
        "the logs are purged",
        SOON,
        () -> {
          for (int node : cluster.ids().filter(n -> n != away).toList()) {
            if (cluster.node(node).largestRaftLog() > 4 << 20) {
              return false;
            }
          }
          return true;
        });
  }

  private static int count(int node, String what) throws IOException {
    try (Stream<String> lines = Files.lines(cluster.node(node).log())) {
      return (int) lines.filter(line -> line.contains(what)).count();
    }
  }

  private static void awaitLog(int node, String what, int times) {
    Await.until("node " + node + " says \"" + what + "\"", SOON, () -> count(node, what) >= times);
  }

  /** Reads through one node alone; answers how many events came, each behind the last. */
  private static CompletableFuture<Long> readAll(int node, String topic, long events) {
    SubscribeRequest.Builder request = SubscribeRequest.newBuilder().setTopic(topic);
    request.getFromBuilder().setFrom(StartFrom.START_FROM_EARLIEST);
    return CompletableFuture.supplyAsync(
        () -> {
          Iterator<SubscribeResponse> responses =
              cluster
                  .wire(node)
                  .consumer()
                  .withDeadlineAfter(SOON.toSeconds(), TimeUnit.SECONDS)
                  .subscribe(request.build());
          long next = 0;
          while (next < events) {
            for (ReceivedEvent event : responses.next().getEventsList()) {
              assertThat(event.getOffset()).isEqualTo(next++);
            }
          }
          return next;
        });
  }

  private static void assertEqual(String topic) {
    Script.Result result =
        Script.in(NodeProcess.home())
            .run(VERIFY_MAX, "./flotilla", "verify", topic, "--server", cluster.servers());
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.lastLine()).isEqualTo(topic + ": all 3 replicas checked, all equal");
  }
}
