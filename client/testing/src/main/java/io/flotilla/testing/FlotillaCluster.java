package io.flotilla.testing;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Leader;
import io.flotilla.client.PartitionDescription;
import io.flotilla.node.config.ClusterNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Real nodes in this process, on free ports of the loopback and in a temporary folder, which is
 * deleted when the cluster is closed, unless a test failed. Safe for many threads.
 */
public final class FlotillaCluster {

  /** Another process may take a port between its choice and its use. */
  private static final int ATTEMPTS = 3;

  /** Topics after which it is full: each takes threads and memory in every node. */
  private static final int TOPICS_MAX = 100;

  /** An election takes a second or two, on a busy machine several. */
  private static final Duration LEADER_MAX = Duration.ofSeconds(20);

  private final Path folder;
  private final List<NodeHandle> nodes;
  private final AtomicInteger topics = new AtomicInteger();
  private volatile boolean kept;

  private FlotillaCluster(Path folder, List<NodeHandle> nodes) {
    this.folder = folder;
    this.nodes = List.copyOf(nodes);
  }

  /** Starts a cluster of 1, 3 or 5 nodes, and returns when all of them serve. */
  static FlotillaCluster start(int nodes) {
    if (nodes != 1 && nodes != 3 && nodes != 5) {
      throw new IllegalArgumentException("a cluster has 1, 3 or 5 nodes, not " + nodes);
    }
    for (int attempt = 1; ; attempt++) {
      FlotillaCluster cluster = laidOut(nodes);
      try {
        cluster.startAll();
        return cluster;
      } catch (CompletionException e) {
        cluster.close();
        if (attempt == ATTEMPTS || !taken(e)) {
          throw new IllegalStateException("the cluster did not start: " + e.getCause(), e);
        }
      }
    }
  }

  private static FlotillaCluster laidOut(int size) {
    try {
      Path folder = Files.createTempDirectory("flotilla-test");
      List<ClusterNode> addresses = NodeSettings.freeAddresses(size);
      List<NodeHandle> nodes = new ArrayList<>();
      for (ClusterNode address : addresses) {
        nodes.add(new NodeHandle(NodeSettings.of(address.id(), folder, addresses)));
      }
      return new FlotillaCluster(folder, nodes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean taken(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .anyMatch(BindException.class::isInstance);
  }

  /** Starts the nodes that are not running, at once: alone, none would find a majority. */
  void startAll() {
    CompletableFuture.allOf(
            nodes.stream()
                .filter(node -> !node.running())
                .map(node -> CompletableFuture.runAsync(node::start, FlotillaCluster::ownThread))
                .toArray(CompletableFuture<?>[]::new))
        .join();
  }

  private static void ownThread(Runnable task) {
    Thread thread = new Thread(task, "flotilla-test-start");
    thread.setDaemon(true);
    thread.start();
  }

  /** The servers of all nodes, {@code host:port,host:port}. */
  public String servers() {
    return nodes.stream().map(NodeHandle::server).collect(Collectors.joining(","));
  }

  /** How many nodes it has. */
  public int size() {
    return nodes.size();
  }

  /** A node by its id, from 1. */
  public NodeHandle node(int id) {
    if (id < 1 || id > nodes.size()) {
      throw new IllegalArgumentException("there are nodes 1 to " + nodes.size() + ", not " + id);
    }
    return nodes.get(id - 1);
  }

  /**
   * The node that leads a partition, as the cluster knows it. Waits, for 20 s at most, until that
   * is one that runs.
   */
  public NodeHandle leaderOf(TopicHandle topic, int partition) {
    return leaderOf(topic.name(), partition);
  }

  /** The same for a topic by its name in the cluster. */
  public NodeHandle leaderOf(String topic, int partition) {
    try (FlotillaClient client = FlotillaClient.builder(servers()).build()) {
      return Waiting.until(
          LEADER_MAX,
          () -> leader(client, topic, partition),
          () -> "partition %d of %s has no leader that runs".formatted(partition, topic));
    }
  }

  private @Nullable NodeHandle leader(FlotillaClient client, String topic, int partition) {
    List<PartitionDescription> partitions = client.admin().describeTopic(topic).partitions();
    if (partition < 0 || partition >= partitions.size()) {
      throw new IllegalArgumentException(
          "%s has partitions 0 to %d, not %d".formatted(topic, partitions.size() - 1, partition));
    }
    Leader leader = partitions.get(partition).leader();
    return leader != null && node(leader.nodeId()).running() ? node(leader.nodeId()) : null;
  }

  /** Where the nodes have their data. */
  public Path folder() {
    return folder;
  }

  /** A topic was made. */
  void topicMade() {
    topics.incrementAndGet();
  }

  /** Whether others should take another one. */
  boolean full() {
    return topics.get() >= TOPICS_MAX;
  }

  /** The nodes that do not run. */
  List<NodeHandle> down() {
    return nodes.stream().filter(node -> !node.running()).toList();
  }

  /** Throws when a node met a fault after which its process would have ended. */
  void check() {
    for (NodeHandle node : nodes) {
      Throwable fatal = node.fatal();
      if (fatal != null) {
        throw new IllegalStateException(fatal.getMessage(), fatal);
      }
    }
  }

  /** Leaves the folder where it is when the cluster is closed. */
  void keepFolder() {
    kept = true;
  }

  /** Stops all nodes, and deletes what they stored. JUnit would close it with the first class. */
  void close() {
    CompletableFuture.allOf(
            nodes.stream()
                .map(node -> CompletableFuture.runAsync(node::stop, FlotillaCluster::ownThread))
                .toArray(CompletableFuture<?>[]::new))
        .join();
    if (!kept) {
      delete();
    }
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }
}
