package io.flotilla.cluster.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.FaultProxy;
import io.flotilla.cluster.harness.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The five ways to lose a member, under load, each with the time until its partitions are consumed
 * again by the one that is left.
 */
@Tag("campaign")
class LostMemberTest {
  private static final int PARTITIONS = 6;
  private static final int SOME = 100;
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration ASKED_AND_SILENT_MAX = Duration.ofSeconds(22);

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @Test
  void aMemberThatLeavesIsReplacedAtOnce() {
    long ms =
        lose(
            "left",
            (member, proxy) -> {
              long now = System.nanoTime();
              member.leave();
              return now;
            });
    assertThat(ms).isLessThan(4_000);
  }

  @Test
  void aMemberThatIsKilledIsReplacedAfterItsGrace() {
    long ms = lose("killed", (member, proxy) -> member.kill());
    assertThat(ms).isLessThan(6_000);
  }

  @Test
  void aMemberThatHangsIsReplacedWhenItsConnectionDoesNotAnswer() {
    long ms = lose("paused", (member, proxy) -> member.pause());
    assertThat(ms).isLessThan(ASKED_AND_SILENT_MAX.toMillis());
  }

  @Test
  void aMemberThatHearsNothingIsReplacedWhenItsConnectionDoesNotAnswer() {
    long ms =
        lose(
            "cut off one way",
            (member, proxy) -> {
              long now = System.nanoTime();
              proxy.halfOpen();
              return now;
            });
    assertThat(ms).isLessThan(ASKED_AND_SILENT_MAX.toMillis());
  }

  /** How a member is lost; answers when. */
  private interface Fault {
    long hit(MemberProcess member, FaultProxy proxy);
  }

  private static long lose(String how, Fault fault) {
    String topic = "lost-" + how.replace(' ', '-');
    cluster.createTopic(topic, PARTITIONS);
    int port = Integer.parseInt(cluster.server(1).replaceAll(".*:", ""));
    try (FaultProxy proxy = FaultProxy.to(port);
        Trickle trickle = new Trickle(cluster, topic, PARTITIONS);
        Members members = new Members(cluster, topic, topic, PARTITIONS)) {
      MemberProcess victim = members.startAt("127.0.0.1:" + proxy.port(), "victim");
      MemberProcess survivor = members.startAt(cluster.server(2), "survivor");
      members.awaitShared(victim, survivor);
      List<Integer> theirs = victim.partitions();
      members.awaitKeepingUp(SOON);

      long since = fault.hit(victim, proxy);
      long ms = members.awaitConsumedAgain(theirs, since, SOON, survivor);
      System.out.printf("member %s: its partitions are consumed again after %d ms%n", how, ms);

      proxy.heal();
      members.demandFenced(victim, theirs);
      victim.close();
      trickle.close();
      long repeated = members.finish(SOON);
      System.out.printf("member %s: %d events twice%n", how, repeated);
      return ms;
    }
  }

  @Test
  void aSlowMemberIsNotTakenForDeadAndHoldsUpNobodyElse() {
    cluster.createTopic("slow", PARTITIONS);
    try (Members members = new Members(cluster, "slow", "slow", PARTITIONS)) {
      MemberProcess slow = members.start("slow", "handlerMs=12000", "unacked=1");
      MemberProcess quick = members.start("quick");
      members.awaitShared(slow, quick);
      List<Integer> its = slow.partitions();

      // Longer than any timeout: two events of twelve seconds each.
      ToLongFunction<MemberProcess> got = member -> member.lines("got").size();
      try (Trickle trickle = new Trickle(cluster, "slow", PARTITIONS)) {
        Await.until(
            "the slow member begins its third event",
            Duration.ofSeconds(60),
            () -> got.applyAsLong(slow) >= 3);
        assertThat(got.applyAsLong(quick)).isGreaterThan(SOME);
      }

      assertThat(slow.partitions()).isEqualTo(its);
      assertThat(slow.lines("ended")).isEmpty();
      assertThat(slow.lines("committed")).isNotEmpty();
      members.awaitAllCommitted(quick.partitions(), SOON);
    }
  }
}
