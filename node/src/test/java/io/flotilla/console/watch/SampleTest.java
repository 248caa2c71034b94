package io.flotilla.console.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ClusterDescription;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.NodeDescription.DiskState;
import io.flotilla.client.NodeDescription.State;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaDescription.Role;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is told of a cluster, from what its nodes told. */
class SampleTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final int DEAD = 3;

  private static NodeDescription node(int id, State state, DiskState disk) {
    return new NodeDescription(id, "h", 1, state, "", "", "", 0, 0, disk, 1, 2, null, null);
  }

  private static ReplicaDescription replica(int partition, int node, Role role, long end) {
    return new ReplicaDescription("orders", partition, node, role, 4, 0, end, 0, end);
  }

  private static TopicDescription topic(long id) {
    return new TopicDescription(
        "orders", id, 2, 3, Instant.EPOCH, List.of(), TopicSettings.NONE, TopicSettings.NONE);
  }

  private static Sample sample(
      @Nullable Sample before,
      long second,
      List<ReplicaDescription> replicas,
      int down,
      int leader,
      long id) {
    List<NodeDescription> nodes =
        IntStream.rangeClosed(1, 3)
            .mapToObj(n -> node(n, n == down ? State.UNREACHABLE : State.UP, DiskState.NORMAL))
            .toList();
    ClusterDescription cluster =
        new ClusterDescription(
            "c", 1, nodes, leader, 2, 1, 2, replicas, 1, false, List.of(1, 2, 3), null);
    return Sample.of(
        before, second * 1_000, second * SECOND, cluster, List.of(topic(id)), List.of());
  }

  /** Two partitions led by node 1 and by another, both with this many events. */
  private static List<ReplicaDescription> replicas(long end, int second, int dead) {
    List<ReplicaDescription> all = new ArrayList<>();
    for (int n = 1; n <= 3; n++) {
      all.add(replica(0, n, n == dead ? Role.UNKNOWN : n == 1 ? Role.LEADER : Role.FOLLOWER, end));
      all.add(
          replica(1, n, n == dead ? Role.UNKNOWN : n == second ? Role.LEADER : Role.FOLLOWER, end));
    }
    return all;
  }

  @Test
  void ratesAreOverTheTimeBetween() {
    Sample first = sample(null, 10, replicas(100, 2, 0), 0, 1, 1);
    Sample second = sample(first, 12, replicas(150, 2, 0), 0, 1, 1);
    assertThat(first.perSecond()).isZero();
    assertThat(second.perSecond()).isEqualTo(50);
    assertThat(second.number()).isEqualTo(first.number() + 1);
  }

  @Test
  void aTopicThatTookTheNameBeginsAnew() {
    Sample first = sample(null, 10, replicas(0, 2, 0), 0, 1, 1);
    assertThat(sample(first, 12, replicas(150, 2, 0), 0, 1, 2).perSecond()).isZero();
  }

  @Test
  void anEndThatNobodyKnewIsNoRate() {
    Sample dark = sample(null, 10, List.of(replica(0, DEAD, Role.UNKNOWN, 0)), DEAD, 1, 1);
    assertThat(sample(dark, 12, replicas(150, 2, 0), 0, 1, 1).perSecond()).isZero();
  }

  @Test
  void theSentenceSaysTheWorstFirst() {
    assertThat(Health.of(sample(null, 1, replicas(1, 2, 0), 0, 1, 1)))
        .isEqualTo(
            new Health(
                Health.Level.OK,
                "Healthy: 3 of 3 nodes up, 2 partitions, all led and replicated",
                List.of()));
    Health down = Health.of(sample(null, 1, replicas(1, 2, DEAD), DEAD, 1, 1));
    assertThat(down.level()).isEqualTo(Health.Level.WARN);
    assertThat(down.sentence()).isEqualTo("Node 3 does not answer");
    assertThat(down.more())
        .containsExactly("2 partitions with fewer replicas than wanted, all led");
    Health dark = Health.of(sample(null, 1, replicas(1, DEAD, DEAD), DEAD, 0, 1));
    assertThat(dark.level()).isEqualTo(Health.Level.BAD);
    assertThat(dark.sentence()).startsWith("Nobody leads the metadata");
    assertThat(dark.more()).first().isEqualTo("1 partition without leader: orders/1");
  }

  @Test
  void whatHappenedIsTheDifference() {
    Happenings happenings = new Happenings();
    Sample before = sample(null, 1, replicas(1, 3, 0), 0, 1, 1);
    Sample now = sample(before, 3, replicas(1, 2, DEAD), DEAD, 2, 1);
    happenings.compare(before, now);
    assertThat(happenings.last(9))
        .extracting(Happening::text)
        .containsExactly(
            "Node 2 leads orders/1 now", "Node 2 leads the metadata", "Node 3 does not answer");
    happenings.compare(now, now);
    assertThat(happenings.last(9)).hasSize(3);
  }

  @Test
  void historyKeepsAQuarterOfAnHour() {
    History history = new History();
    for (long at = 0; at < 3_600_000; at += 2_000) {
      history.add(new Point(at, at, 0, 0, 0));
    }
    assertThat(history.points()).hasSize(180);
    assertThat(history.points().get(179).atMs()).isEqualTo(3_598_000);
    assertThat(history.points().get(0).atMs())
        .isBetween(3_598_000L - 905_000, 3_598_000L - 890_000);
  }
}
