package io.flotilla.cluster.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.LoopDisk;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.SlowDisk;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A minute of each scenario on three nodes, each on a network, a disk and a clock of its own, under
 * everything that clients do. {@code -Dflotilla.scenario.seconds=N} makes them longer.
 */
@Tag("campaign")
class CampaignTest {
  private static final Duration LASTS =
      Duration.ofSeconds(Integer.getInteger("flotilla.scenario.seconds", 60));

  /** Shorter ones kill a leader once, on machines whose pace is not known. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

  private static final long DISK_BYTES = 1L << 30;

  @RegisterExtension
  static final TestCluster cluster = TestCluster.of(3).onNetwork().onDisks(DISK_BYTES).withClocks();

  private static final Campaign campaign =
      new Campaign(cluster, NodeProcess.home().resolve("cluster-tests/target/campaign"));

  @BeforeAll
  static void demandEverything() {
    LoopDisk.assumePowerCanBeCut();
    SlowDisk.assumeAvailable();
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void nothingIsLostTwiceOrOutOfOrder(Scenario scenario) {
    Campaign.Outcome outcome = campaign.run(scenario, LASTS, Seeds.next("CampaignTest"));

    assertThat(outcome.violations()).as("%s", outcome.report()).isEmpty();
  }

  @AfterAll
  static void killedLeadersAreReplacedInTime() {
    System.out.println("campaign: " + campaign);
    assertThat(campaign.kills().count()).as("leaders killed").isPositive();
    if (LASTS.compareTo(LONG_ENOUGH) >= 0) {
      assertThat(campaign.kills().inTime()).as("%s", campaign.kills()).isTrue();
    } else {
      System.out.println(
          "too few leaders were killed to judge the time, for which see a longer run");
    }
  }
}
