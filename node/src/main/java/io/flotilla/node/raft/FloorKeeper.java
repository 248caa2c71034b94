package io.flotilla.node.raft;

import io.flotilla.node.raft.Floors.Floor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down how far the Raft logs have come: without a sync every 50 ms in which that changed,
 * which a process that is killed leaves behind, and synced each second, for a power cut, and at a
 * clean stop. With each flush would double the syncs. One thread for all groups; safe.
 */
final class FloorKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FloorKeeper.class);
  private static final Duration EVERY = Duration.ofMillis(50);
  private static final long SYNC_NANOS = 1_000_000_000;

  private final Path file;
  private final Path soon;
  private final Supplier<Map<Long, Floor>> progress;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread t = new Thread(task, "flotilla-floor");
            t.setDaemon(true);
            return t;
          });
  private Floors written;
  private Floors synced;
  private long syncedAt = System.nanoTime();

  /**
   * @param progress how far the logs of the open groups are on disk now
   */
  FloorKeeper(Path file, Supplier<Map<Long, Floor>> progress) {
    this.file = file;
    this.soon = soonFile(file);
    this.progress = progress;
    try {
      Floors known = Floors.read(file);
      if (known == null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        known = Floors.NONE;
        known.write(file);
      }
      synced = known;
      written = known.and(Floors.read(soon));
      written.writeSoon(soon);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read or written", e);
    }
  }

  void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            () -> keepSafely(false), EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The file beside it that is not synced. */
  static Path soonFile(Path file) {
    return file.resolveSibling(file.getFileName() + ".soon");
  }

  private void keepSafely(boolean sync) {
    try {
      keep(sync);
    } catch (IOException | RuntimeException e) {
      LOG.error("how far the Raft logs are could not be written down; it is tried again", e);
    }
  }

  // Guards the order of reading, writing and forgetting.
  private synchronized void keep(boolean sync) throws IOException {
    TreeMap<Long, Floor> next = new TreeMap<>(written.byGroup());
    progress.get().forEach((group, floor) -> next.merge(group, floor, FloorKeeper::newer));
    write(new Floors(next), sync || System.nanoTime() - syncedAt >= SYNC_NANOS);
  }

  private static Floor newer(Floor before, Floor now) {
    return before.isRemoved() ? before : now;
  }

  /** Durably, before the group's log is deleted: that it will be missing is no damage. */
  synchronized void removed(long group) {
    TreeMap<Long, Floor> next = new TreeMap<>(written.byGroup());
    next.put(group, Floor.REMOVED);
    demand(next);
  }

  /** Nothing durable tells of these groups any more, and their numbers do not come back. */
  synchronized void forget(Collection<Long> groups) {
    TreeMap<Long, Floor> next = new TreeMap<>(written.byGroup());
    next.keySet().removeAll(groups);
    demand(next);
  }

  private void demand(SortedMap<Long, Floor> next) {
    try {
      write(new Floors(next), true);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  private void write(Floors next, boolean sync) throws IOException {
    if (!next.equals(written)) {
      next.writeSoon(soon);
      written = next;
    }
    if (sync && !next.equals(synced)) {
      next.write(file);
      synced = next;
      syncedAt = System.nanoTime();
    }
  }

  /** Writes down the last word. The logs must still be open. */
  @Override
  public void close() {
    thread.shutdown();
    keepSafely(true);
  }
}
