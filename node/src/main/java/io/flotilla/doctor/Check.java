package io.flotilla.doctor;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is looked at. Where there is an alert for the same, they have one name, but for Flotilla's
 * own in front of it, and the runbook's advice.
 */
public enum Check {
  CONNECTION(
      "Connection",
      false,
      "start the node, or correct --server; a node that is starting or leaving needs a moment"),
  NODE_DOWN(
      "NodeDown",
      true,
      "start it on the same folder; its last log line says why it ended. With its disk lost, start"
          + " it with an empty one: the others rebuild it"),
  METADATA_LEADERLESS(
      "MetadataLeaderless",
      false,
      "bring back nodes until most of them run; until then nothing can be created or moved"),
  PARTITIONS_LEADERLESS(
      "PartitionsLeaderless",
      true,
      "bring back a node that is down; nobody can publish there until most replicas are up"),
  REPLICA_DAMAGED(
      "ReplicaDamaged",
      true,
      "once: nothing, it is being rebuilt; again on the same node: replace its disk"),
  UNDER_REPLICATED(
      "UnderReplicated",
      true,
      "start the node that is down, or wait for the rebuild; one more failure may stop these"
          + " partitions"),
  FOLLOWERS_BEHIND(
      "FollowersBehind", false, "look at that node's disk and processor; if it catches up, wait"),
  DISK_FULL_SOON(
      "DiskFullSoon",
      true,
      "shorten retention (flotilla topic alter), trim (flotilla topic trim), or a larger disk"),
  CLOCK_SKEW(
      "ClockSkew",
      false,
      "synchronise clocks (NTP) on the machines named; times of events are wrong meanwhile"),
  VERSION_MIX("VersionMix", false, "finish the upgrade: the same version on all nodes"),
  LIMITS_NEAR(
      "LimitsNear",
      false,
      "delete topics, or raise what is near: partitions.*, -XX:MaxDirectMemorySize, ulimit -n"),
  GROUP_LAGGING(
      "GroupLagging",
      true,
      "flotilla group describe GROUP: start members, up to one a partition; restart what hangs");

  private static final String RUNBOOK = "docker/monitoring/ALERTS.md";

  private final String label;
  private final boolean alert;
  private final String remedy;

  Check(String label, boolean alert, String remedy) {
    this.label = label;
    this.alert = alert;
    this.remedy = remedy;
  }

  /** Its name, as the alert has it without Flotilla in front. */
  public String label() {
    return label;
  }

  /** What to do when it is not well. */
  public String remedy() {
    return remedy;
  }

  /** Says whether it is well now. */
  List<String> lookAgain() {
    return List.of("flotilla", "doctor", "--only", label);
  }

  /** Whether Prometheus is given an alert of the name. */
  public boolean hasAlert() {
    return alert;
  }

  /** Where the runbook has it, from the repository's root; empty: it has not. */
  public String runbook() {
    return alert ? RUNBOOK + "#flotilla" + label.toLowerCase(Locale.ROOT) : "";
  }

  /** The check of a name, in any case; {@code IllegalArgumentException} when there is none. */
  public static Check of(String label) {
    return Arrays.stream(values())
        .filter(check -> check.label.equalsIgnoreCase(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(label));
  }

  /** All names, with commas between. */
  public static String labels() {
    return Arrays.stream(values()).map(Check::label).collect(Collectors.joining(", "));
  }
}
