package io.flotilla.cluster.campaign;

import io.flotilla.client.FlotillaClient;
import io.flotilla.cluster.check.Checker;
import io.flotilla.cluster.check.History;
import io.flotilla.cluster.check.HistoryFile;
import io.flotilla.cluster.check.Violation;
import io.flotilla.cluster.check.Violation.Invariant;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.FullLoad;
import io.flotilla.cluster.workload.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Runs scenarios on one cluster, one after the other, each on a topic of its own under full load,
 * and judges each. A scenario in which too little was acknowledged or nothing was hurt is void,
 * which is a failure. Confined to the test's thread.
 */
final class Campaign {
  /** The availability that is promised; see DESIGN, "What it must reach". */
  static final long RESUME_MEDIAN_MS_MAX = 2_000;

  static final long RESUME_WORST_MS_MAX = 5_000;

  private static final Duration CAUGHT_UP_MAX = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PARTITIONS = 4;

  /** Between writes; more where more nodes share two cores: faults are to hurt, not the load. */
  private static final long PAUSE_MS = 50;

  private static final long PAUSE_OF_MANY_MS = 100;

  /** Fewer acknowledged events than these before, and again after the faults, prove nothing. */
  private static final int SOME = 500;

  private final TestCluster cluster;
  private final Path reports;
  private final KillTimes kills = new KillTimes();
  private long acknowledged;
  private long faults;
  private int runs;

  /** What came of a scenario. */
  record Outcome(
      Scenario scenario,
      long seed,
      int faults,
      long acknowledged,
      Duration caughtUp,
      List<Violation> violations,
      Path report) {
    @Override
    public String toString() {
      return "%-20s seed=%-12d %2d faults, %6d acknowledged, whole after %4.1f s: %s  %s"
          .formatted(
              scenario,
              seed,
              faults,
              acknowledged,
              caughtUp.toMillis() / 1e3,
              violations.isEmpty() ? "sound" : "BROKEN " + violations,
              report.getFileName());
    }
  }

  /**
   * On a cluster that runs.
   *
   * @param reports the folder for histories and reports
   */
  Campaign(TestCluster cluster, Path reports) {
    this.cluster = cluster;
    this.reports = reports;
    try {
      Files.createDirectories(reports);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Hurts the cluster in one way for about so long. */
  Outcome run(Scenario scenario, Duration lasts, long seed) {
    String topic = scenario.name().toLowerCase(java.util.Locale.ROOT) + "-" + ++runs;
    System.out.printf("%s: seed=%d on %d nodes%n", scenario, seed, cluster.size());
    Random random = new Random(seed);
    cluster.createTopic(topic, PARTITIONS);
    long pause = cluster.size() > 3 ? PAUSE_OF_MANY_MS : PAUSE_MS;
    FullLoad load =
        FullLoad.start(cluster, new Target(topic, PARTITIONS, pause), random.nextLong());
    try (load) {
      Stage stage = new Stage(cluster, load, topic, PARTITIONS, random, kills);
      List<Violation> stuck = new ArrayList<>();
      Duration caughtUp = Duration.ZERO;
      try {
        caughtUp = hurt(scenario, lasts, load, stage);
      } catch (AssertionError e) {
        System.out.printf("%s: STUCK, seed=%d: %s%n", scenario, seed, e.getMessage());
        stuck.add(new Violation(Invariant.GOES_ON, String.valueOf(e.getMessage())));
        dumpWhatCanBe(load);
      }
      Outcome outcome = judge(scenario, seed, stage.faults(), load.history(), caughtUp, stuck);
      if (stuck.isEmpty()) {
        delete(topic);
      }
      return outcome;
    }
  }

  /** Answers how long it took until everything was whole again. */
  private static Duration hurt(Scenario scenario, Duration lasts, FullLoad load, Stage stage) {
    load.awaitAcknowledged(SOME, SOON);
    long end = System.nanoTime() + lasts.toNanos();
    do {
      scenario.round(stage);
    } while (System.nanoTime() < end);
    load.awaitAcknowledged(SOME, SOON);
    long healed = System.nanoTime();
    load.finish();
    return Duration.ofNanos(System.nanoTime() - healed);
  }

  /** So that a cluster that does not go on is judged for what it holds. */
  private static void dumpWhatCanBe(FullLoad load) {
    try {
      load.breakOff();
    } catch (AssertionError | RuntimeException e) {
      System.out.println("  nor can all replicas be read: " + e.getMessage());
    }
  }

  private Path file(Scenario scenario, String kind) {
    return reports.resolve("%03d-%s.%s".formatted(runs, scenario, kind));
  }

  private Outcome judge(
      Scenario scenario,
      long seed,
      int fired,
      History history,
      Duration caughtUp,
      List<Violation> stuck) {
    kills.measure(history);
    List<Violation> violations = new ArrayList<>(stuck);
    violations.addAll(Checker.check(history));
    long told = history.acknowledged();
    if (fired == 0 || told < 2 * SOME) {
      violations.add(
          new Violation(
              Invariant.GOES_ON, "void: " + fired + " faults, " + told + " acknowledged"));
    }
    if (caughtUp.compareTo(CAUGHT_UP_MAX) > 0) {
      violations.add(new Violation(Invariant.GOES_ON, "whole only after " + caughtUp));
    }
    acknowledged += told;
    faults += fired;
    HistoryFile.write(history, file(scenario, "jsonl"));
    Path page = file(scenario, "html");
    HistoryPage.write(scenario + ", seed " + seed, history, violations, page);
    Outcome outcome =
        new Outcome(scenario, seed, fired, told, caughtUp, List.copyOf(violations), page);
    System.out.println(outcome);
    return outcome;
  }

  private void delete(String topic) {
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers())) {
      client.admin().deleteTopic(topic);
    }
  }

  KillTimes kills() {
    return kills;
  }

  @Override
  public String toString() {
    return "%d scenarios, %d faults, %d acknowledged events; %s"
        .formatted(runs, faults, acknowledged, kills);
  }
}
