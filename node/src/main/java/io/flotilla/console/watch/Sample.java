package io.flotilla.console.watch;

import io.flotilla.client.ClusterDescription;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.TopicDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The cluster at one moment: what all pages are made of, so that none of them costs a call.
 *
 * @param number rises with each sample
 * @param atMs when, in milliseconds since 1970
 * @param nanos when, by the clock that never jumps
 * @param cluster nodes and replicas
 * @param topics by name
 * @param groups by name, without members and partitions
 */
public record Sample(
    long number,
    long atMs,
    long nanos,
    ClusterDescription cluster,
    SortedMap<String, TopicNow> topics,
    List<GroupDescription> groups) {

  private static final double NANOS = 1e9;

  /** Puts together what the cluster told; rates come from the sample before. */
  static Sample of(
      @Nullable Sample before,
      long atMs,
      long nanos,
      ClusterDescription cluster,
      List<TopicDescription> topics,
      List<GroupDescription> groups) {
    Map<String, Map<Integer, List<ReplicaDescription>>> told = new HashMap<>();
    for (ReplicaDescription replica : cluster.replicas()) {
      told.computeIfAbsent(replica.topic(), name -> new TreeMap<>())
          .computeIfAbsent(replica.partition(), number -> new ArrayList<>())
          .add(replica);
    }
    double seconds = before == null ? 0 : (nanos - before.nanos) / NANOS;
    SortedMap<String, TopicNow> byName = new TreeMap<>();
    for (TopicDescription topic : topics) {
      TopicNow earlier = before == null ? null : before.topics.get(topic.name());
      if (earlier != null && earlier.description().topicId() != topic.topicId()) {
        earlier = null;
      }
      List<PartitionNow> partitions = new ArrayList<>();
      for (var each : told.getOrDefault(topic.name(), Map.of()).entrySet()) {
        partitions.add(partition(each.getKey(), each.getValue(), earlier, seconds));
      }
      byName.put(topic.name(), new TopicNow(topic, partitions));
    }
    long number = before == null ? 1 : before.number + 1;
    return new Sample(number, atMs, nanos, cluster, byName, List.copyOf(groups));
  }

  private static PartitionNow partition(
      int number, List<ReplicaDescription> replicas, @Nullable TopicNow earlier, double seconds) {
    PartitionNow now = new PartitionNow(number, replicas, 0);
    if (earlier == null || seconds <= 0 || number >= earlier.partitions().size()) {
      return now;
    }
    PartitionNow then = earlier.partitions().get(number);
    // An end that nobody knew then is no event published since.
    boolean known = then.partition() == number && then.leader() != null && now.leader() != null;
    double rate = known ? Math.max(0, now.end() - then.end()) / seconds : 0;
    return new PartitionNow(number, replicas, rate);
  }

  public double perSecond() {
    return topics.values().stream().mapToDouble(TopicNow::perSecond).sum();
  }

  public long nodesUp() {
    return cluster.nodes().stream().filter(Sample::up).count();
  }

  public static boolean up(NodeDescription node) {
    return node.state() == NodeDescription.State.UP;
  }
}
