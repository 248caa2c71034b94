package io.flotilla.testing;

import io.flotilla.node.FlotillaNode;
import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.config.NodeConfig;
import org.jspecify.annotations.Nullable;

/**
 * A node of the cluster, which a test may stop or kill and start again; after each test those that
 * do not run are started. For one thread at a time; the calls block.
 */
public final class NodeHandle {

  private final NodeConfig config;
  private volatile @Nullable FlotillaNode running;

  /** What the node gave up for; the tests that follow are told. */
  private volatile @Nullable Throwable fatal;

  NodeHandle(NodeConfig config) {
    this.config = config;
  }

  /** Its id, from 1. */
  public int id() {
    return config.id();
  }

  /** Where it serves, {@code host:port}. */
  public String server() {
    ClusterNode self = config.self();
    return self.host() + ":" + self.grpcPort();
  }

  /** Whether it was started, and neither stopped nor killed since. */
  public boolean running() {
    return running != null;
  }

  /** Stops it as an operator does: it hands its leaderships over first. Nothing when it is. */
  public synchronized void stop() {
    FlotillaNode node = running;
    running = null;
    if (node != null) {
      node.close();
    }
  }

  /**
   * Ends it without notice, as nearly to a crash as a node in a living process can: connections are
   * cut, the others find out by themselves that their leader is gone, and what its store had only
   * in memory is lost and comes back from the Raft log at the next start. Nothing when it does not
   * run.
   *
   * <p>It is no crash in this: files are closed in order, and what the log had accepted is written,
   * so that nothing is torn, and an event whose publisher was cut off may be there afterwards.
   * Killed processes, cut networks and disks that fail are what the project's cluster tests have.
   */
  public synchronized void kill() {
    FlotillaNode node = running;
    running = null;
    if (node != null) {
      node.kill();
    }
  }

  /** Starts it on what it had on disk; returns when it serves. Nothing when it runs. */
  public synchronized void start() {
    if (running != null) {
      return;
    }
    FlotillaNode node = new FlotillaNode(config, this::gaveUp);
    try {
      node.start();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      node.close();
      throw new IllegalStateException("interrupted while node " + id() + " started", e);
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
    running = node;
  }

  private void gaveUp(String what, Throwable cause) {
    fatal =
        new IllegalStateException("node " + id() + " would have ended its process: " + what, cause);
  }

  @Nullable Throwable fatal() {
    return fatal;
  }

  @Override
  public String toString() {
    return "node " + id();
  }
}
