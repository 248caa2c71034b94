package io.flotilla.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ClusterDescription;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.NodeDescription.Doings;
import io.flotilla.client.NodeDescription.Load;
import io.flotilla.console.watch.Sample;
import io.flotilla.console.watch.Watch;
import io.flotilla.console.web.Answers;
import io.flotilla.console.web.Params;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What pages say of a cluster, and that none grows with it. */
class PagesTest {

  private static final int TOPICS = 1_000;
  private static final int PARTITIONS = 10;
  private static final int BYTES_MAX = 50_000;
  private static final int TRIES = 5;
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void tenThousandPartitionsMakeNoPageSlowOrLarge() throws Exception {
    try (Watch watch = new Watch(new Seen(TOPICS, PARTITIONS, 2)::admin)) {
      Pages pages = new Pages(watch);
      watch.now();
      awaitGroups(watch);
      costs(pages, "overview", "", Duration.ofMillis(300));
      costs(pages, "topics", "", Duration.ofMillis(500));
      costs(pages, "topics", "sort=rate&page=19", Duration.ofMillis(500));
      costs(pages, "topics", "search=department-9", Duration.ofMillis(500));
      costs(pages, "topic", "name=" + Seen.topic(7), Duration.ofMillis(500));
      costs(pages, "groups", "", Duration.ofMillis(500));
      costs(pages, "group", "name=" + Seen.group(3), Duration.ofMillis(500));
      costs(pages, "nodes", "", Duration.ofMillis(500));
      costs(pages, "doctor", "", Duration.ofMillis(500));
    }
  }

  /** The quickest of a few, for other tests run beside; with its JSON. */
  private static void costs(Pages pages, String name, String query, Duration max)
      throws InterruptedException {
    long best = Long.MAX_VALUE;
    int bytes = 0;
    for (int i = 0; i < TRIES; i++) {
      long began = System.nanoTime();
      bytes = Answers.json(pages.page(name, Params.parse(query))).length;
      best = Math.min(best, System.nanoTime() - began);
    }
    Duration took = Duration.ofNanos(best);
    System.out.println(name + " " + query + ": " + bytes + " bytes, " + took.toMillis() + " ms");
    assertThat(took).as(name).isLessThanOrEqualTo(max);
    assertThat(bytes).as(name).isLessThanOrEqualTo(BYTES_MAX);
  }

  private static void awaitGroups(Watch watch) throws InterruptedException {
    long until = System.nanoTime() + SOON.toNanos();
    while (watch.groups().isEmpty() || watch.groupLooks().isEmpty()) {
      assertThat(System.nanoTime()).as("groups are looked at").isLessThan(until);
      watch.anew();
    }
  }

  @Test
  void theDoctorSaysWhatIsWrongWhatToDoAndByWhichCommand() throws Exception {
    try (Watch watch = new Watch(new Seen(2, 3, 2)::admin)) {
      Sample sample = watch.now();
      awaitGroups(watch);
      DoctorPage page = DoctorPage.of(sample, watch);
      assertThat(page.result()).isEqualTo("fail");
      DoctorPage.Row down = row(page, "NodeDown");
      assertThat(down.result()).isEqualTo("fail");
      assertThat(down.what()).containsExactly("node 2 at node-2:9095 does not answer the others");
      assertThat(down.remedy()).startsWith("start it");
      assertThat(down.command()).containsExactly("flotilla", "cluster", "describe");
      assertThat(down.runbook()).endsWith("ALERTS.md#flotillanodedown");
      assertThat(row(page, "PartitionsLeaderless").command())
          .containsExactly("flotilla", "explain", "partition", Seen.topic(0) + "/1");
      assertThat(row(page, "GroupLagging").command()).startsWith("flotilla", "explain", "group");
      DoctorPage.Row well = row(page, "Connection");
      assertThat(well.result()).isEqualTo("ok");
      assertThat(well.remedy()).isEmpty();
      assertThat(well.command()).isEmpty();
      DoctorPage.Sum sum = DoctorPage.sum(sample, watch);
      assertThat(sum.fail()).isEqualTo(2);
      assertThat(sum.warn()).isEqualTo(2);
    }
  }

  private static DoctorPage.Row row(DoctorPage page, String check) {
    return page.checks().stream()
        .filter(row -> row.check().equals(check))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void electionsAreToldByNode() throws Exception {
    try (Watch watch = new Watch(new Seen(2, 3, 2)::admin)) {
      List<ReplicaSum> sums = ReplicaSum.all(watch.now());
      assertThat(sums.get(0)).isEqualTo(new ReplicaSum(1, 2, 4, 0, 0, 4, 12L, 7L));
      assertThat(sums.get(1).other()).isEqualTo(6);
      assertThat(sums.get(1).elections()).isNull();
    }
  }

  @Test
  void otherConsolesAreToldOrWhyThereIsNoWayToThem() {
    Place place = new Place(1, "1", true, List.of(), 0);
    ClusterDescription cluster =
        new ClusterDescription(
            "c",
            1,
            List.of(
                node(1, "a", "127.0.0.1:1"),
                node(2, "a", "127.0.0.1:2"),
                node(3, "b", "127.0.0.1:3"),
                node(4, "b", "node-4:4"),
                node(5, "b", ""),
                node(6, "b", null),
                Seen.node(7, null)),
            1,
            1,
            0,
            0,
            List.of(),
            1,
            false,
            List.of(),
            null);
    Place seen = place.seenIn(cluster);
    assertThat(seen.others())
        .containsExactly(
            new Place.Other(2, "127.0.0.1:2", ""),
            new Place.Other(3, "", "has its console for its own machine alone"),
            new Place.Other(4, "node-4:4", ""),
            new Place.Other(5, "", "has no console"),
            new Place.Other(6, "", "did not tell where its console is"),
            new Place.Other(7, "", "does not answer"));
    assertThat(seen.more()).isZero();
  }

  private static NodeDescription node(int id, String host, @Nullable String console) {
    Doings doings = console == null ? null : new Doings(0, 0, console);
    NodeDescription node = Seen.node(id, new Load(Duration.ZERO, 1, 10, 10, 1, 10, doings));
    return new NodeDescription(
        id,
        host,
        node.port(),
        node.state(),
        node.incarnation(),
        node.version(),
        node.rack(),
        node.leaderCount(),
        node.replicaCount(),
        node.diskState(),
        node.diskFreeBytes(),
        node.diskTotalBytes(),
        node.load(),
        node.silent());
  }
}
