package io.flotilla.cluster.campaign;

import io.flotilla.cluster.harness.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The campaign for hours, by hand: all scenarios in an order of the seed's, again and again until
 * the time is over. One line a scenario, a verdict at the end; exit code 1 when a promise was
 * broken.
 */
public final class CampaignMain {
  private static final long DISK_BYTES = 4L << 30;
  private static final Duration SCENARIO_MIN = Duration.ofSeconds(60);
  private static final int SCENARIO_MORE_SECONDS = 60;

  private CampaignMain() {}

  /** Options as name=value: minutes, seed, nodes. */
  public static void main(String[] args) {
    Map<String, String> options = new TreeMap<>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      options.put(arg.substring(0, equals), arg.substring(equals + 1));
    }
    int nodes = Integer.parseInt(options.getOrDefault("nodes", "3"));
    long minutes = Long.parseLong(options.getOrDefault("minutes", "60"));
    long seed = Long.parseLong(options.getOrDefault("seed", "1"));
    Path reports = Path.of(options.getOrDefault("reports", "cluster-tests/target/campaign"));
    boolean sound;
    try (TestCluster cluster = TestCluster.of(nodes).onNetwork().onDisks(DISK_BYTES).withClocks()) {
      cluster.start();
      sound = run(new Campaign(cluster, reports), cluster, minutes, seed);
    }
    System.exit(sound ? 0 : 1);
  }

  private static boolean run(Campaign campaign, TestCluster cluster, long minutes, long seed) {
    Instant end = Instant.now().plus(Duration.ofMinutes(minutes));
    Random random = new Random(seed);
    List<Campaign.Outcome> broken = new ArrayList<>();
    List<Scenario> next = new ArrayList<>();
    while (Instant.now().isBefore(end)) {
      if (next.isEmpty()) {
        next.addAll(List.of(Scenario.values()));
        Collections.shuffle(next, random);
      }
      Duration lasts = SCENARIO_MIN.plusSeconds(random.nextInt(SCENARIO_MORE_SECONDS));
      try {
        Campaign.Outcome outcome = campaign.run(next.remove(0), lasts, random.nextLong());
        if (!outcome.violations().isEmpty()) {
          broken.add(outcome);
          cluster.report(outcome.toString());
        }
      } catch (AssertionError | RuntimeException e) {
        cluster.report(String.valueOf(e.getMessage()));
        System.out.println("VERDICT: the campaign cannot go on: " + e);
        return false;
      }
    }
    System.out.println("campaign: " + campaign);
    broken.forEach(outcome -> System.out.println("BROKEN " + outcome));
    boolean inTime = campaign.kills().inTime();
    System.out.println(
        "VERDICT: "
            + (broken.isEmpty() ? "no promise was broken" : broken.size() + " scenarios broken")
            + (inTime ? "" : "; killed leaders were replaced too late"));
    return broken.isEmpty() && inTime;
  }
}
