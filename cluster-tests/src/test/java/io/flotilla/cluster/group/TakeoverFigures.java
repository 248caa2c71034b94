package io.flotilla.cluster.group;

import io.flotilla.cluster.harness.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How long after SIGKILL of one of two members its partitions are consumed again by the other, each
 * time with a group of its own, at defaults.
 */
public final class TakeoverFigures {
  private static final int PARTITIONS = 6;
  private static final int TIMES = 7;
  private static final Duration SOON = Duration.ofSeconds(60);

  private TakeoverFigures() {}

  /** Prints a line. */
  public static void run(TestCluster cluster) {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      String topic = "takeover-" + i;
      cluster.createTopic(topic, PARTITIONS);
      try (Trickle trickle = new Trickle(cluster, topic, PARTITIONS);
          Members members = new Members(cluster, topic, topic, PARTITIONS)) {
        MemberProcess victim = members.startAt(cluster.server(1), "victim");
        MemberProcess survivor = members.startAt(cluster.server(2), "survivor");
        members.awaitShared(victim, survivor);
        members.awaitKeepingUp(SOON);
        List<Integer> theirs = victim.partitions();
        all.add(members.awaitConsumedAgain(theirs, victim.kill(), SOON, survivor));
      }
    }
    Collections.sort(all);
    System.out.printf(
        "consumer killed: all of its partitions are consumed again after %d ms, median of %d; %s%n",
        all.get(all.size() / 2), TIMES, all);
  }
}
