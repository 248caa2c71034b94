package io.flotilla.cli.local;

import io.flotilla.cli.error.CliException;
import io.flotilla.cli.output.Terminal;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.NodeDescription;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a local cluster that this process started. Safe. {@link #close} ends them all,
 * also from a shutdown hook, so that none is left behind.
 */
public final class LocalCluster implements AutoCloseable {

  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final long LOOK_AGAIN_MS = 100;

  /** A process that ended by itself. */
  public record Ended(NodeProcess node, int exitCode) {}

  private final ClusterFolder folder;
  private final Map<String, String> environment;
  private final Map<Integer, NodeProcess> running = new TreeMap<>();
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private volatile boolean closed;

  public LocalCluster(ClusterFolder folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-nodes"));
  }

  /** Starts a node, also one that has ended before. */
  public synchronized NodeProcess start(NodePlace place) throws IOException {
    if (closed) {
      throw new IllegalStateException("the cluster is being stopped");
    }
    NodeProcess node = NodeProcess.start(folder, place, environment);
    running.put(place.id(), node);
    var unused = node.ended().thenAccept(code -> ended.add(new Ended(node, code)));
    return node;
  }

  /** The process of a node that was started. */
  public synchronized NodeProcess process(int node) {
    NodeProcess process = running.get(node);
    if (process == null) {
      throw new IllegalArgumentException("node " + node + " was not started here");
    }
    return process;
  }

  /** Nodes that were started here and still run. */
  public synchronized long alive() {
    return running.values().stream().filter(NodeProcess::alive).count();
  }

  /** The nodes are being stopped, or have been. */
  public boolean closed() {
    return closed;
  }

  /** Waits for the next process to end. */
  public Ended awaitEnded() throws InterruptedException {
    return ended.take();
  }

  /**
   * Waits until the given nodes are up and the metadata is led; fails when one ends before that.
   *
   * @return what the cluster said of itself
   */
  public ClusterDescription awaitReady(FlotillaClient client, List<NodePlace> places)
      throws InterruptedException {
    AtomicReference<@Nullable ClusterDescription> found = new AtomicReference<>();
    awaitReady(
        LOOK_AGAIN_MS,
        () -> {
          try {
            ClusterDescription cluster = client.admin().describeCluster(true);
            if (ready(cluster, places)) {
              found.set(cluster);
              return "";
            }
            return "metadata leader " + cluster.metadataLeader() + ", nodes " + states(cluster);
          } catch (FlotillaClientException notYet) {
            return String.valueOf(notYet.getMessage());
          }
        });
    return Objects.requireNonNull(found.get());
  }

  /**
   * Asks again and again whether it is ready; fails when a node ends before that.
   *
   * @param everyMs between two questions
   * @param obstacle what is still missing; empty: nothing
   */
  void awaitReady(long everyMs, Supplier<String> obstacle) throws InterruptedException {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    String last = "no answer yet";
    while (System.nanoTime() - deadline < 0) {
      Ended early = ended.poll(everyMs, TimeUnit.MILLISECONDS);
      if (early != null) {
        throw endedEarly(early);
      }
      last = obstacle.get();
      if (last.isEmpty()) {
        return;
      }
    }
    throw CliException.local(
        "the cluster in "
            + folder.path()
            + " was not ready within "
            + READY_WITHIN.toSeconds()
            + " s",
        last,
        "look at the logs: " + folder.path().resolve("node-*").resolve("log.txt"));
  }

  private static boolean ready(ClusterDescription cluster, List<NodePlace> places) {
    List<Integer> up =
        cluster.nodes().stream()
            .filter(node -> node.state() == NodeDescription.State.UP)
            .map(NodeDescription::nodeId)
            .toList();
    return cluster.metadataLeader() != 0
        && places.stream().allMatch(place -> up.contains(place.id()));
  }

  private static List<String> states(ClusterDescription cluster) {
    return cluster.nodes().stream().map(node -> node.nodeId() + " " + node.state()).toList();
  }

  private CliException endedEarly(Ended early) {
    NodeProcess node = early.node();
    return CliException.local(
        "node " + node.place().id() + " ended with code " + early.exitCode() + " while starting",
        "the last lines of its log are above",
        "see all of it: " + folder.log(node.place()));
  }

  /** Shows the end of the log of every node that ended by itself. */
  public void showLogs(Terminal terminal) {
    List<NodeProcess> dead;
    synchronized (this) {
      dead = running.values().stream().filter(node -> !node.alive()).toList();
    }
    for (NodeProcess node : dead) {
      terminal.note("--- node " + node.place().id() + " wrote last:");
      terminal.note(node.logTail());
      terminal.note("---");
    }
  }

  /**
   * SIGTERM to all, and SIGKILL to whatever is left after 10 s. Again: waits for the first call.
   */
  @Override
  public synchronized void close() {
    closed = true;
    List<NodeProcess> nodes = new ArrayList<>(running.values());
    nodes.forEach(NodeProcess::terminate);
    try {
      for (NodeProcess node : nodes) {
        node.awaitEnd();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      nodes.forEach(NodeProcess::killNow);
    }
  }
}
