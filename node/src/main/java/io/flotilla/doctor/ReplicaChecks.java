package io.flotilla.doctor;

import io.flotilla.client.ClusterDescription;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaDescription.Role;
import io.flotilla.client.TopicPartition;
import io.flotilla.words.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is wrong with partitions, judged from what the nodes tell of their replicas. Pure. */
public final class ReplicaChecks {

  /** Events that a follower may be behind while much is published. */
  static final long BEHIND_WARN = 10_000;

  private ReplicaChecks() {}

  /** What is wrong with its partitions and their replicas, a finding for each check. */
  public static List<Finding> all(ClusterDescription cluster) {
    Map<TopicPartition, List<ReplicaDescription>> partitions = new LinkedHashMap<>();
    for (ReplicaDescription replica : cluster.replicas()) {
      partitions
          .computeIfAbsent(
              new TopicPartition(replica.topic(), replica.partition()), p -> new ArrayList<>())
          .add(replica);
    }
    String seen = seen(cluster, partitions.size());
    return List.of(
        leaderless(partitions, seen),
        damaged(cluster, seen),
        missing(cluster, partitions, seen),
        behind(cluster, seen));
  }

  /** Answers hold 10,000 replicas at most. */
  private static String seen(ClusterDescription cluster, int looked) {
    int left = cluster.partitionCount() - looked;
    return Words.count(looked, "partition")
        + " looked at"
        + (left > 0 ? ", " + Words.count(left) + " more are not told by one call" : "");
  }

  private static Finding leaderless(
      Map<TopicPartition, List<ReplicaDescription>> partitions, String seen) {
    Finding.Collector found = new Finding.Collector(Check.PARTITIONS_LEADERLESS);
    partitions.forEach(
        (partition, replicas) -> {
          if (replicas.stream().noneMatch(replica -> replica.role() == Role.LEADER)) {
            if (found.isEmpty()) {
              found.shownBy("flotilla", "explain", "partition", name(partition));
            }
            found.fail(name(partition) + " has no leader");
          }
        });
    return found.orOk(seen);
  }

  private static Finding damaged(ClusterDescription cluster, String seen) {
    Finding.Collector found = new Finding.Collector(Check.REPLICA_DAMAGED);
    for (ReplicaDescription replica : cluster.replicas()) {
      if (replica.role() == Role.DAMAGED) {
        found.fail(name(replica) + " is damaged, and being rebuilt");
      }
    }
    return found.orOk(seen);
  }

  /** By node, since a node that is down is one thing and not a thousand. */
  private static Finding missing(
      ClusterDescription cluster,
      Map<TopicPartition, List<ReplicaDescription>> partitions,
      String seen) {
    Map<Integer, Integer> silent = new TreeMap<>();
    Map<Integer, Integer> joining = new TreeMap<>();
    for (ReplicaDescription replica : cluster.replicas()) {
      if (replica.role() == Role.UNKNOWN) {
        silent.merge(replica.nodeId(), 1, Integer::sum);
      } else if (replica.role() == Role.JOINING) {
        joining.merge(replica.nodeId(), 1, Integer::sum);
      }
    }
    Finding.Collector found = new Finding.Collector(Check.UNDER_REPLICATED);
    silent.forEach(
        (node, count) ->
            found.warn(
                Words.count(count)
                    + " of "
                    + Words.count(partitions.size(), "partition")
                    + " lack their replica on node "
                    + node));
    joining.forEach(
        (node, count) ->
            found.warn("node " + node + " has " + Words.count(count, "replica") + " to rebuild"));
    return found.orOk(seen);
  }

  private static Finding behind(ClusterDescription cluster, String seen) {
    Finding.Collector found = new Finding.Collector(Check.FOLLOWERS_BEHIND);
    for (ReplicaDescription replica : cluster.replicas()) {
      if (replica.lagEvents() >= BEHIND_WARN) {
        found.warn(name(replica) + " is " + Words.count(replica.lagEvents(), "event") + " behind");
      }
    }
    return found.orOk(seen);
  }

  private static String name(TopicPartition partition) {
    return Words.printable(partition.topic()) + "/" + partition.partition();
  }

  private static String name(ReplicaDescription replica) {
    return Words.printable(replica.topic())
        + "/"
        + replica.partition()
        + " on node "
        + replica.nodeId();
  }
}
