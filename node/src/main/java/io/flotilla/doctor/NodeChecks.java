package io.flotilla.doctor;

import io.flotilla.client.ClusterDescription;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.NodeDescription.DiskState;
import io.flotilla.client.NodeDescription.Load;
import io.flotilla.client.NodeDescription.State;
import io.flotilla.words.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is wrong with nodes, judged from what they tell of themselves. Pure. */
public final class NodeChecks {

  /** Clocks that differ by less are as good as equal: asking takes as long. */
  static final Duration CLOCK_WARN = Duration.ofSeconds(1);

  static final Duration CLOCK_FAIL = Duration.ofMinutes(1);

  /** As the alert has it. */
  private static final double FREE_SHARE_WARN = 0.1;

  private static final double LIMIT_SHARE_WARN = 0.8;

  private static final String[] DESCRIBE = {"flotilla", "cluster", "describe"};

  private NodeChecks() {}

  /**
   * Nodes that do not answer.
   *
   * @param reached by server that was asked: why it could not be reached, null when it was
   */
  public static Finding down(ClusterDescription cluster, Map<String, @Nullable String> reached) {
    Finding.Collector found = new Finding.Collector(Check.NODE_DOWN).shownBy(DESCRIBE);
    for (NodeDescription node : cluster.nodes()) {
      String at = node.host() + ":" + node.port();
      if (node.state() == State.UNREACHABLE) {
        found.fail(name(node) + " at " + at + " does not answer the others");
      } else if (reached.get(at) != null) {
        found.warn(name(node) + " runs, but not for this machine: " + at + ": " + reached.get(at));
      }
    }
    return found.orOk(
        Words.count(cluster.nodes().size(), "node") + " known, and all of them answer");
  }

  static Finding metadata(ClusterDescription cluster) {
    Finding.Collector found = new Finding.Collector(Check.METADATA_LEADERLESS).shownBy(DESCRIBE);
    if (cluster.metadataLeader() == 0) {
      found.fail("no leader of the metadata is known");
    }
    for (NodeDescription node : cluster.nodes()) {
      // Nodes of before did not tell who votes.
      if (!cluster.metadataVoters().isEmpty()
          && !cluster.metadataVoters().contains(node.nodeId())) {
        found.warn(name(node) + " has no vote yet: it has a new or damaged disk to catch up with");
      }
    }
    return found.orOk(
        "node " + cluster.metadataLeader() + " leads it in term " + cluster.metadataTerm());
  }

  /** Disks that are full or filling. */
  public static Finding disks(ClusterDescription cluster) {
    Finding.Collector found = new Finding.Collector(Check.DISK_FULL_SOON).shownBy(DESCRIBE);
    double least = 1;
    for (NodeDescription node : cluster.nodes()) {
      if (node.diskState() == DiskState.UNKNOWN) {
        continue; // It does not answer, which is another check's to tell.
      }
      double share = (double) node.diskFreeBytes() / Math.max(1, node.diskTotalBytes());
      least = Math.min(least, share);
      String free =
          name(node) + " has " + Words.bytes(node.diskFreeBytes()) + " free, " + percent(share);
      if (node.diskState() == DiskState.FULL) {
        found.fail(free + ": publishing is refused wherever it has a replica");
      } else if (node.diskState() == DiskState.WARN || share < FREE_SHARE_WARN) {
        found.warn(free);
      }
    }
    return found.orOk("at least " + percent(least) + " of every disk is free");
  }

  static Finding clocks(ClusterDescription cluster, @Nullable Duration ahead) {
    Finding.Collector found = new Finding.Collector(Check.CLOCK_SKEW);
    Duration most = Duration.ZERO;
    for (NodeDescription node : cluster.nodes()) {
      Load load = node.load();
      if (load != null) {
        most = max(most, load.clockAhead().abs());
        told(found, name(node), load.clockAhead(), "node " + cluster.answeredBy());
      }
    }
    if (ahead != null) {
      most = max(most, ahead.abs());
      told(found, "node " + cluster.answeredBy(), ahead, "this machine");
    }
    return found.orOk(
        "clocks differ by " + Words.duration(most) + " at most, as far as asking tells");
  }

  private static void told(Finding.Collector found, String who, Duration ahead, String ofWhom) {
    Duration off = ahead.abs();
    String what =
        who
            + "'s clock is "
            + Words.duration(off)
            + (ahead.isNegative() ? " behind that of " : " ahead of that of ")
            + ofWhom;
    if (off.compareTo(CLOCK_FAIL) >= 0) {
      found.fail(what);
    } else if (off.compareTo(CLOCK_WARN) >= 0) {
      found.warn(what);
    }
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  static Finding versions(ClusterDescription cluster) {
    Map<String, List<Integer>> byVersion = new TreeMap<>();
    for (NodeDescription node : cluster.nodes()) {
      byVersion.computeIfAbsent(node.version(), v -> new ArrayList<>()).add(node.nodeId());
    }
    Finding.Collector found = new Finding.Collector(Check.VERSION_MIX).shownBy(DESCRIBE);
    if (byVersion.size() > 1) {
      byVersion.forEach((version, nodes) -> found.warn("nodes " + nodes + " run " + version));
    }
    return found.orOk("all nodes run " + String.join(", ", byVersion.keySet()));
  }

  static Finding limits(ClusterDescription cluster) {
    Finding.Collector found = new Finding.Collector(Check.LIMITS_NEAR);
    for (NodeDescription node : cluster.nodes()) {
      Load load = node.load();
      if (load != null) {
        near(found, node, node.replicaCount(), load.replicasMax(), "replicas");
        near(found, node, load.groups(), load.groupsMax(), "Raft groups");
        near(found, node, load.openFiles(), load.openFilesMax(), "open files");
      }
    }
    return found.orOk("replicas, Raft groups and open files are far from what nodes may have");
  }

  private static void near(
      Finding.Collector found, NodeDescription node, long has, long most, String what) {
    if (most > 0 && has >= LIMIT_SHARE_WARN * most) {
      found.warn(name(node) + " has " + Words.count(has) + " of " + Words.count(most) + " " + what);
    }
  }

  private static String name(NodeDescription node) {
    return "node " + node.nodeId();
  }

  private static String percent(double share) {
    return (int) Math.floor(share * 100) + " %";
  }
}
