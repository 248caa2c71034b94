package io.flotilla.cluster.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.check.Violation;
import io.flotilla.cluster.check.Violation.Invariant;
import io.flotilla.cluster.harness.LoopDisk;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.sabotage.Mutant;
import io.flotilla.cluster.sabotage.Saboteur;
import io.flotilla.cluster.workload.Seeds;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nodes that break a promise are found out: a campaign that could not fail would prove nothing.
 * Each mutant meets the scenario that its fault shows in; the judge must name the promise, or one
 * of them.
 */
@Tag("campaign")
class MutantsTest {
  private static final Duration LASTS = Duration.ofSeconds(20);

  /** Some break the cluster, too, for good: no need to wait long for it. */
  private static final Duration SETTLE_MAX = Duration.ofSeconds(40);

  private static final long DISK_BYTES = 1L << 30;

  static Stream<Arguments> mutants() {
    return Stream.of(
        // Nodes notice that their disks lack what they had confirmed, and do not vote with the
        // rest.
        Arguments.of(
            Mutant.NO_SYNC,
            Scenario.POWER_LOSS_OF_ALL,
            List.of(Invariant.ACKNOWLEDGED_IS_KEPT, Invariant.GOES_ON)),
        Arguments.of(
            Mutant.ACK_BEFORE_COMMIT,
            Scenario.ISOLATE_LEADER,
            List.of(Invariant.ACKNOWLEDGED_IS_KEPT)),
        // A kill would not do: what was not flushed is applied again from the log, table included.
        Arguments.of(
            Mutant.DUPLICATES_FORGOTTEN,
            Scenario.ROLLING_RESTART,
            List.of(Invariant.AT_MOST_ONCE, Invariant.REPEAT_IS_THE_SAME)),
        Arguments.of(
            Mutant.NO_GENERATION_CHECK,
            Scenario.KILL_LEADER,
            List.of(Invariant.COMMIT_OF_OWNER_ONLY)),
        Arguments.of(Mutant.APPLY_DIFFERS, Scenario.KILL_LEADER, List.of(Invariant.REPLICAS_AGREE)),
        Arguments.of(Mutant.STALE_END, Scenario.KILL_LEADER, List.of(Invariant.END_IS_CURRENT)));
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void brokenPromiseIsFound(Mutant mutant, Scenario scenario, List<Invariant> broken) {
    LoopDisk.assumePowerCanBeCut();
    try (TestCluster cluster =
        TestCluster.of(3)
            .onNetwork()
            .onDisks(DISK_BYTES)
            .settlingWithin(SETTLE_MAX)
            .withJava(Saboteur.options(mutant))) {
      cluster.start();
      Campaign campaign =
          new Campaign(
              cluster, NodeProcess.home().resolve("cluster-tests/target/campaign/" + mutant));

      Set<Invariant> found = Set.of();
      for (int attempt = 0; attempt < 3 && Collections.disjoint(found, broken); attempt++) {
        found = found(campaign, scenario);
      }

      assertThat(found).as("%s under %s", mutant, scenario).containsAnyElementsOf(broken);
    }
  }

  private static Set<Invariant> found(Campaign campaign, Scenario scenario) {
    return campaign.run(scenario, LASTS, Seeds.next("MutantsTest")).violations().stream()
        .map(Violation::invariant)
        .collect(Collectors.toSet());
  }
}
