package io.flotilla.cluster.workload;

import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.harness.Wire;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client on stock stubs that does the same thing again and again on a thread of its own, at one
 * node after the other, until it is stopped. What it throws, other than a refusal that it expects,
 * surfaces from {@link #stop}.
 */
abstract class Client implements AutoCloseable {
  private static final long STOP_SECONDS_MAX = 90;

  /** Answers that say: nothing was done, or perhaps it was; try again. */
  private static final Set<Status.Code> PASSING =
      EnumSet.of(
          Status.Code.UNAVAILABLE,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.RESOURCE_EXHAUSTED,
          Status.Code.CANCELLED,
          Status.Code.ABORTED,
          Status.Code.UNKNOWN);

  final Random random;
  private final List<Wire> wires;
  private final long pauseMillis;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Throwable failure;

  /**
   * @param pauseMillis between two steps
   */
  Client(TestCluster cluster, String name, long seed, long pauseMillis) {
    this.random = new Random(seed);
    this.pauseMillis = pauseMillis;
    this.wires =
        cluster
            .ids()
            .map(cluster::node)
            .map(node -> Wire.to(node.host(), node.clientPort()))
            .toList();
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!pause(pauseMillis)) {
        step();
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  /** Does it once. */
  abstract void step();

  /** Waits; whether the client has been stopped. */
  final boolean pause(long millis) {
    try {
      return stopped.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  final boolean isStopped() {
    return stopped.getCount() == 0;
  }

  final int nodes() {
    return wires.size();
  }

  /** Node 1 is the first. */
  final Wire wire(int node) {
    return wires.get(node - 1).refreshed();
  }

  final Wire anyWire() {
    return wire(1 + random.nextInt(wires.size()));
  }

  /** True for what faults bring about; anything else is a bug. */
  static boolean isPassing(StatusRuntimeException refused) {
    return PASSING.contains(refused.getStatus().getCode());
  }

  /** Returns when the step at hand has ended; throws what the client failed with. */
  final void stop() {
    stopped.countDown();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS_MAX));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    if (thread.isAlive()) {
      throw new AssertionError(thread.getName() + " is stuck");
    }
    demandWell();
  }

  final void demandWell() {
    Throwable thrown = failure;
    if (thrown != null) {
      throw new AssertionError(thread.getName() + " failed", thrown);
    }
  }

  @Override
  public void close() {
    stopped.countDown();
    wires.forEach(Wire::close);
  }
}
