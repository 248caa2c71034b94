package io.flotilla.cluster.campaign;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.FullLoad;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Random;

/**
 * Where a scenario acts: the cluster, its load, and chance. Each verb is noted in the history and
 * counts as a fault, unless it heals. Confined to the test's thread.
 */
final class Stage {
  private static final Duration MARGIN = Duration.ofSeconds(30);
  private static final Duration STOP_MAX = Duration.ofSeconds(60);

  private final TestCluster cluster;
  private final FullLoad load;
  private final String topic;
  private final int partitions;
  private final Random random;
  private final KillTimes kills;
  private int faults;

  Stage(
      TestCluster cluster,
      FullLoad load,
      String topic,
      int partitions,
      Random random,
      KillTimes kills) {
    this.cluster = cluster;
    this.load = load;
    this.topic = topic;
    this.partitions = partitions;
    this.random = random;
    this.kills = kills;
  }

  TestCluster cluster() {
    return cluster;
  }

  int faults() {
    return faults;
  }

  int anyNode() {
    return 1 + random.nextInt(cluster.size());
  }

  int otherThan(int node) {
    return 1 + (node + random.nextInt(cluster.size() - 1)) % cluster.size();
  }

  int anyPartition() {
    return random.nextInt(partitions);
  }

  int leader() {
    return cluster.awaitLeader(topic, anyPartition());
  }

  Random random() {
    return random;
  }

  /** Between these, by chance. */
  Duration about(int secondsMin, int secondsMax) {
    return Duration.ofMillis(1000L * secondsMin + random.nextInt(1000 * (secondsMax - secondsMin)));
  }

  /** Lets so much time pass. */
  void last(Duration time) {
    long begin = System.nanoTime();
    Await.until(
        time + " are over", time.plus(MARGIN), () -> System.nanoTime() - begin > time.toNanos());
  }

  void hurt(String what) {
    faults++;
    load.fault(what);
  }

  /** Kills the leader of a partition; it stays down. */
  int killLeader() {
    int partition = anyPartition();
    int node = cluster.awaitLeader(topic, partition);
    hurt("kill node " + node + ", which leads partition " + partition);
    kills.killed(partition, System.nanoTime());
    cluster.kill(node);
    return node;
  }

  void kill(int node) {
    hurt("kill node " + node);
    cluster.kill(node);
  }

  /** As for an upgrade. How fast that goes on a machine that is not kept busy others test. */
  void stop(int node) {
    hurt("stop node " + node);
    cluster.node(node).terminate(STOP_MAX);
  }

  void start(int node) {
    load.fault("start node " + node);
    cluster.start(node);
    cluster.awaitReady();
  }

  void startAll() {
    load.fault("start all nodes");
    cluster.ids().forEach(cluster::start);
    cluster.awaitReady();
  }

  void pause(int node, Duration time) {
    hurt("pause node " + node + " for " + time.toMillis() + " ms");
    cluster.pause(node);
    last(time);
    cluster.resume(node);
    load.fault("resume node " + node);
    cluster.awaitReady();
  }

  void heal() {
    load.fault("heal");
    cluster.heal();
    cluster.awaitReady();
  }

  /** Starts nodes that a full disk has ended, as whoever watches over them would. */
  void startEnded() {
    cluster.ids().filter(node -> !cluster.node(node).isRunning()).forEach(this::start);
  }

  void losePower(Collection<Integer> nodes) {
    hurt("cut the power of nodes " + nodes);
    cluster.losePower(List.copyOf(nodes));
  }
}
