package io.flotilla.cluster.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.v1.FetchRequest;
import io.flotilla.proto.v1.FetchResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Metrics are true: each number against what was done, each bound against what there is. */
@Tag("long")
class TrueNumbersTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int SERIES_MAX = 2_500;

  @RegisterExtension
  static final TestCluster cluster =
      TestCluster.of(3).withHttp().with("metrics: {partitions: true, groups-max: 5}");

  @Test
  void whatIsPublishedAndDeliveredIsCountedOnceInTheCluster() {
    cluster.createTopic("counted", 3);
    for (int i = 0; i < 7; i++) {
      UsedCluster.publish(cluster, "counted", 100);
    }

    cluster.awaitCaughtUp(); // Any replica answers, with what it has.
    double bytes = storedBytes("counted", 3);
    Scrape told = Scrape.of(cluster);
    assertThat(told.sum("flotilla_published_events_total", "topic", "counted")).isEqualTo(700);
    assertThat(told.sum("flotilla_published_bytes_total", "topic", "counted")).isEqualTo(bytes);
    assertThat(told.sum("flotilla_delivered_events_total", "topic", "counted"))
        .as("storedBytes has read all of it")
        .isEqualTo(700);
    assertThat(told.sum("flotilla_delivered_bytes_total", "topic", "counted")).isEqualTo(bytes);

    assertThat(UsedCluster.read(cluster, "counted", 700)).hasSize(700);
    assertThat(Scrape.of(cluster).sum("flotilla_delivered_events_total", "topic", "counted"))
        .isEqualTo(1_400);
    assertThat(told.sum("flotilla_batch_events_sum")).isGreaterThanOrEqualTo(700);
    assertThat(told.sum("flotilla_publish_seconds_count"))
        .isEqualTo(told.sum("flotilla_batch_events_count"));
    assertThat(
            told.sum("flotilla_requests_total", "rpc", "ProducerService/Publish", "reason", "OK"))
        .isGreaterThanOrEqualTo(7);
  }

  /** What the partitions hold, asked of themselves. */
  private static double storedBytes(String topic, int partitions) {
    long bytes = 0;
    for (int partition = 0; partition < partitions; partition++) {
      FetchRequest.Builder request =
          FetchRequest.newBuilder().setTopic(topic).setPartition(partition).setEncoded(true);
      FetchResponse answer;
      do {
        answer = cluster.anyWire().consumer().fetch(request.build());
        bytes +=
            answer.getBatchesList().stream().mapToLong(b -> b.getBatch().getPayload().size()).sum();
        request.setOffset(answer.getNextOffset());
      } while (answer.getBatchesCount() > 0);
    }
    return bytes;
  }

  @Test
  void lagIsWhatWasNotCommittedAndTheAgeOfItsOldest() {
    cluster.createTopic("lagging", 1);
    UsedCluster.publish(cluster, "lagging", 10);
    UsedCluster.commit(cluster, "late", "lagging", 0, 10);
    awaitLag("late", 0);
    assertThat(Scrape.of(cluster).max("flotilla_group_lag_seconds", "group", "late")).isZero();

    UsedCluster.publish(cluster, "lagging", 4);
    UsedCluster.publish(cluster, "lagging", 3);
    awaitLag("late", 7);
    List<ReceivedEvent> events = UsedCluster.read(cluster, "lagging", 17);
    long oldest = events.get(10).getAppendTimeUnixMs();
    Await.until("it grows older", SOON, () -> System.currentTimeMillis() - oldest > 2_500);
    double age = (System.currentTimeMillis() - oldest) / 1e3;
    assertThat(Scrape.of(cluster).max("flotilla_group_lag_seconds", "group", "late"))
        .isBetween(age, age + 1);

    UsedCluster.commit(cluster, "late", "lagging", 0, 15);
    awaitLag("late", 2);
    double younger = (System.currentTimeMillis() - events.get(15).getAppendTimeUnixMs()) / 1e3;
    assertThat(Scrape.of(cluster).max("flotilla_group_lag_seconds", "group", "late"))
        .isBetween(younger, younger + 1);
  }

  private static void awaitLag(String group, double events) {
    Await.until(
        "the group is " + events + " events behind",
        SOON,
        () -> {
          Scrape told = Scrape.of(cluster); // None told is not the same as nothing behind.
          return !told.of("flotilla_group_lag_events", "group", group).isEmpty()
              && told.sum("flotilla_group_lag_events", "group", group) == events;
        });
  }

  @Test
  void groupsBeyondTheBoundAreSummed() {
    cluster.createTopic("shared", 1);
    UsedCluster.publish(cluster, "shared", 20);
    for (int i = 0; i < 12; i++) {
      UsedCluster.commit(cluster, "many-" + i, "shared", 0, 10);
    }
    int leader = cluster.awaitLeader("shared", 0);
    Await.until(
        "all are counted, five by name at most",
        SOON,
        () -> {
          Scrape one = Scrape.of(cluster, leader, "/metrics");
          return one.sum("flotilla_group_lag_events") >= 120
              && one.of("flotilla_group_lag_events").size() == 6
              && one.of("flotilla_group_lag_events", "group", "_other").size() == 1;
        });
  }

  @Test
  void seriesStayWithinTheirBoundAndDoNotGrowWithPartitions() {
    UsedCluster.use(cluster, "used");
    Set<String> before = names(Scrape.of(cluster, 1, "/metrics"));
    assertThat(before).hasSizeLessThan(SERIES_MAX / 2);

    cluster.createTopic("wide", 100);
    for (int i = 0; i < 20; i++) {
      UsedCluster.publish(cluster, "wide", 10);
    }
    Scrape after = Scrape.of(cluster, 1, "/metrics");
    Set<String> fresh = names(after);
    fresh.removeAll(before);
    fresh.removeIf(name -> name.startsWith("jvm_")); // A kind of collection that was none before.
    fresh.removeIf(name -> name.contains("rpc=")); // A call that had not been made to this node.
    fresh.removeIf(name -> name.contains("group=")); // Of another test, told here by now.
    assertThat(fresh).as("of 100 partitions").hasSizeLessThanOrEqualTo(4);
    assertThat(fresh).allMatch(name -> name.contains("topic=wide"));
    assertThat(after.series()).noneMatch(one -> one.labels().containsKey("partition"));
    System.out.println("series a node: " + after.series().size());
  }

  private static Set<String> names(Scrape scrape) {
    Set<String> names = new HashSet<>();
    scrape.series().forEach(one -> names.add(one.name() + one.labels()));
    return names;
  }

  @Test
  void partitionsAreToldOneByOneToWhomeverAsks() {
    cluster.createTopic("single", 2);
    UsedCluster.publish(cluster, "single", 50);
    UsedCluster.publish(cluster, "single", 50);
    int leader = cluster.awaitLeader("single", 1);

    Scrape told = Scrape.of(cluster, leader, "/metrics/partitions?topic=single");
    assertThat(told.series()).hasSize(6 * 2);
    assertThat(told.sum("flotilla_partition_leading", "partition", "1")).isEqualTo(1);
    Await.until(
        "its replica has all",
        SOON,
        () ->
            Scrape.of(cluster, leader, "/metrics/partitions?topic=single")
                    .sum("flotilla_partition_end_offset")
                == 100);
    assertThat(Scrape.of(cluster, leader, "/metrics/partitions").series().size())
        .isGreaterThanOrEqualTo(told.series().size());
  }

  @Test
  void aNodeThatIsGoneIsMissed() {
    cluster.createTopic("missed", 3);
    Await.until(
        "all is well",
        SOON,
        () ->
            Scrape.of(cluster).sum("flotilla_partitions_underreplicated") == 0
                && Scrape.of(cluster).max("flotilla_partitions_leaderless") == 0);
    assertThat(Scrape.of(cluster).max("flotilla_nodes_expected")).isEqualTo(3);

    cluster.kill(3);
    Await.until(
        "their leaders miss its replicas",
        SOON,
        () -> {
          Scrape one = Scrape.of(cluster, 1, "/metrics");
          Scrape two = Scrape.of(cluster, 2, "/metrics");
          double missing =
              one.sum("flotilla_partitions_underreplicated")
                  + two.sum("flotilla_partitions_underreplicated");
          double seconds =
              Math.max(
                  one.sum("flotilla_raft_follower_lag_seconds"),
                  two.sum("flotilla_raft_follower_lag_seconds"));
          return missing >= 3 && seconds > 2;
        });
    cluster.kill(2);
    Await.until(
        "nobody leads",
        SOON,
        () -> Scrape.of(cluster, 1, "/metrics").sum("flotilla_partitions_leaderless") >= 3);
    cluster.start(2);
    cluster.start(3);
    cluster.awaitReady();
    Await.until(
        "all is well again",
        SOON,
        () ->
            Scrape.of(cluster).sum("flotilla_partitions_underreplicated") == 0
                && Scrape.of(cluster).max("flotilla_partitions_leaderless") == 0);
  }
}
