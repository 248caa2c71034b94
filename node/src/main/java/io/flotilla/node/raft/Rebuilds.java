package io.flotilla.node.raft;

import io.flotilla.node.config.RaftConfig;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.Staging;
import io.flotilla.node.core.group.GroupStaging;
import io.flotilla.node.core.log.LogStaging;
import io.flotilla.node.core.metadata.MetadataStaging;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.store.Store;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds this node's replicas from peers when the entries that they miss are purged: the rows are
 * pulled beside those in use, then switched in one write. One rebuild a group at a time, a few a
 * node, all within one pace. Threads {@code flotilla-rebuild}. Safe.
 */
final class Rebuilds implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Rebuilds.class);
  private static final long RETRY_MS = 250;
  private static final int RETRY_DOUBLINGS_MAX = 5;
  private static final long CLOSE_SECONDS_MAX = 30;

  private final Store store;
  private final GroupSwitch groupSwitch;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Pace pace;
  private final ExecutorService threads;
  private final Map<Long, CompletableFuture<Applied>> running = new ConcurrentHashMap<>();
  private final Set<Thread> pulling = new HashSet<>(); // guarded by itself
  private final Map<Long, Integer> failures = new ConcurrentHashMap<>();
  private volatile @Nullable GroupSource source;

  Rebuilds(RaftConfig config, Store store, GroupSwitch groupSwitch) {
    this.store = store;
    this.groupSwitch = groupSwitch;
    this.pace = new Pace(config.rebuildBytesPerSecond(), closed);
    this.threads =
        Executors.newFixedThreadPool(
            config.rebuildsMax(),
            task -> {
              Thread thread = new Thread(task, "flotilla-rebuild");
              thread.setDaemon(true);
              return thread;
            });
  }

  void source(GroupSource from) {
    this.source = from;
  }

  boolean closed() {
    return closed.getCount() == 0;
  }

  /** Deletes what was staged when an earlier run of this node ended. */
  void dropLeftovers() {
    LogStaging.dropLeftovers(store);
  }

  /**
   * Rebuilds a group unless that is being done already. Completes with the entry up to which it is
   * rebuilt, on another thread; fails when no peer could give it. Never blocks.
   *
   * @param peers whom to ask, the best one first
   * @param minIndex up to which entry it has to be rebuilt at least
   */
  CompletableFuture<Applied> begin(long group, List<String> peers, long minIndex) {
    GroupSource from = source;
    if (from == null || peers.isEmpty() || closed()) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("group " + group + " has nobody to be rebuilt from"));
    }
    CompletableFuture<Applied> result = new CompletableFuture<>();
    CompletableFuture<Applied> before = running.putIfAbsent(group, result);
    if (before != null) {
      return before;
    }
    threads.execute(() -> run(group, new ArrayList<>(peers), minIndex, from, result));
    return result;
  }

  private void run(
      long group,
      List<String> peers,
      long minIndex,
      GroupSource from,
      CompletableFuture<Applied> result) {
    Applied at = null;
    try {
      at = rebuild(group, peers, minIndex, from);
      failures.remove(group);
    } catch (RuntimeException | InterruptedException e) {
      failures.merge(group, 1, Integer::sum);
      LOG.warn("rebuild failed; it is tried again group={}", group, e);
    } finally {
      running.remove(group);
      if (at != null) {
        result.complete(at);
      } else {
        result.completeExceptionally(
            new IllegalStateException("group " + group + " could not be rebuilt yet"));
      }
    }
  }

  private Staging staging(long group) {
    if (Coordinators.isCoordinator(group)) {
      return new GroupStaging(group);
    }
    return group == GroupIds.METADATA ? new MetadataStaging() : new LogStaging(store);
  }

  private Applied rebuild(long group, List<String> peers, long minIndex, GroupSource from)
      throws InterruptedException {
    int failed = Math.min(failures.getOrDefault(group, 0), RETRY_DOUBLINGS_MAX);
    if (failed > 0 && closed.await(RETRY_MS << failed, TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("closed");
    }
    groupSwitch.follow(group);
    Staging staging = staging(group);
    Rebuild rebuild = new Rebuild(group, minIndex, staging, pace);
    boolean switched = false;
    try {
      Applied at = pull(rebuild, from, peers);
      groupSwitch.run(group, at, staging);
      switched = true;
      LOG.info("rebuild is complete {}", rebuild.progress());
      return at;
    } finally {
      if (!switched && !closed()) {
        staging.clear();
      }
    }
  }

  /** Only pulling may be interrupted, never a switch. */
  private Applied pull(Rebuild rebuild, GroupSource from, List<String> peers)
      throws InterruptedException {
    synchronized (pulling) { // guards against an interrupt that comes late
      if (closed()) {
        throw new InterruptedException("closed");
      }
      pulling.add(Thread.currentThread());
    }
    try {
      return rebuild.pull(from, peers);
    } finally {
      synchronized (pulling) { // likewise
        pulling.remove(Thread.currentThread());
      }
    }
  }

  /** Ends what pulls, and waits for what switches; the old state of the others is as it was. */
  @Override
  public void close() {
    closed.countDown();
    synchronized (pulling) { // guards pulling
      pulling.forEach(Thread::interrupt);
    }
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
        LOG.warn("a rebuild still runs after {} s; closing goes on", CLOSE_SECONDS_MAX);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
