package io.flotilla.node.router;

import static java.util.Objects.requireNonNull;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.flotilla.node.disk.DiskState;
import io.flotilla.node.disk.DiskStatus;
import io.flotilla.node.disk.FullDisks;
import io.flotilla.proto.internal.v1.DescribeDiskRequest;
import io.flotilla.proto.internal.v1.NodeDisk;
import io.flotilla.proto.internal.v1.PeerServiceGrpc;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every other node each second whether its disk is full, so that a leader stops taking writes
 * before a follower has to fall. A node that is silent for a while counts as not full: it takes
 * nothing anyway, and must not stop the others. One thread; answers come on the transport's.
 */
public final class DiskWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);
  private static final Duration ASK_EVERY = Duration.ofSeconds(1);
  private static final Duration SILENT_AFTER = Duration.ofSeconds(5);

  private final Router router;
  private final FullDisks disks;
  private final Map<Integer, Long> heard = new HashMap<>(); // guarded by this
  private final Set<Integer> lost = new HashSet<>(); // guarded by this
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread t = new Thread(task, "flotilla-disk-watch");
            t.setDaemon(true);
            return t;
          });

  public DiskWatch(Router router, FullDisks disks) {
    this.router = router;
    this.disks = disks;
  }

  public void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::askSafely, 0, ASK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void askSafely() {
    for (int node : router.image().nodes().keySet()) {
      if (node != router.nodeId()) {
        try {
          ask(node);
        } catch (RuntimeException e) {
          silent(node, e);
        }
      }
    }
  }

  private void ask(int node) {
    Futures.addCallback(
        PeerServiceGrpc.newFutureStub(router.channel(node))
            .withDeadlineAfter(ASK_EVERY.toMillis(), TimeUnit.MILLISECONDS)
            .describeDisk(DescribeDiskRequest.getDefaultInstance()),
        new FutureCallback<NodeDisk>() {
          @Override
          public void onSuccess(@Nullable NodeDisk disk) {
            told(node, requireNonNull(disk));
          }

          @Override
          public void onFailure(Throwable fault) {
            silent(node, fault);
          }
        },
        MoreExecutors.directExecutor());
  }

  private synchronized void told(int node, NodeDisk disk) { // guards heard
    heard.put(node, System.nanoTime());
    lost.remove(node);
    disks.told(
        node,
        new DiskStatus(
            disk.getFull() ? DiskState.FULL : DiskState.NORMAL,
            disk.getFreeBytes(),
            disk.getTotalBytes(),
            disk.getRefuseBelowBytes()));
  }

  private synchronized void silent(int node, Throwable fault) { // guards heard
    LOG.debug("a node does not tell how its disk is node={}", node, fault);
    Long last = heard.get(node);
    if (last != null && System.nanoTime() - last > SILENT_AFTER.toNanos() && lost.add(node)) {
      disks.told(node, null);
    }
  }

  /** How long ago another node answered last; null: it has not since this one started. Safe. */
  public synchronized @Nullable Duration silence(int node) { // guards heard
    Long last = heard.get(node);
    return last == null ? null : Duration.ofNanos(System.nanoTime() - last);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
