package io.flotilla.node.raft;

import io.flotilla.node.config.RaftConfig;
import io.flotilla.node.core.Applied;
import io.flotilla.node.store.Store;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flushes the store once for all groups, by bytes and by time, then lets every group purge its Raft
 * log up to what was applied before the flush began. One thread; applying goes on meanwhile.
 */
final class Checkpoints implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** Entries after which a purge is tried; whole files go, so most tries cost nothing. */
  private static final long PURGE_GAP = 1;

  private final RaftConfig config;
  private final Store store;
  private final RaftHost host;
  private final Removals removals;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread t = new Thread(task, "flotilla-checkpoint");
            t.setDaemon(true);
            return t;
          });
  private volatile long lastNanos = System.nanoTime();

  Checkpoints(RaftConfig config, Store store, RaftHost host, Removals removals) {
    this.removals = removals;
    this.config = config;
    this.store = store;
    this.host = host;
  }

  void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    long bytes = store.bytesSinceFlush();
    long waited = System.nanoTime() - lastNanos;
    boolean due = waited >= config.checkpointInterval().toNanos();
    if (bytes >= config.checkpointBytes() || (bytes > 0 && due)) {
      try {
        run();
      } catch (RuntimeException e) {
        // The Raft log keeps everything until a later checkpoint succeeds, so nothing is lost.
        LOG.error("checkpoint failed; the Raft log is kept and the next one tries again", e);
      }
    } else if (due) {
      // Nothing new, but a replica that lagged may have caught up, or be gone for good.
      lastNanos = System.nanoTime();
      host.purge(PURGE_GAP);
    }
  }

  synchronized void run() { // guards the order: captured before flushed before told
    long started = System.nanoTime();
    Map<Long, Applied> stored = host.storedByGroup();
    Set<Long> removed = removals.pending();
    store.flush();
    lastNanos = System.nanoTime();
    removals.durable(removed);
    host.durable(stored, PURGE_GAP);
    LOG.debug("checkpoint groups={} ms={}", stored.size(), (lastNanos - started) / 1_000_000);
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(30, TimeUnit.SECONDS)) {
        LOG.warn("a checkpoint still runs after 30 s; closing goes on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
