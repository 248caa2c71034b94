package io.flotilla.node.disk;

import io.flotilla.node.config.DiskConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how much is free where a node keeps its data, and says in which state that is; one log
 * line a change. Keeps the reserve and gives it up when hardly anything else is left. One thread,
 * which asks the file system four times a second; the status may be read by any.
 */
public final class DiskGuard implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);
  private static final long LOOK_EVERY_MS = 250;
  private static final String RESERVE = "disk-reserve";

  private final DiskConfig config;
  private final Watermarks watermarks;
  private final List<Path> folders;
  private final ReserveFile reserve;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread t = new Thread(task, "flotilla-disk");
            t.setDaemon(true);
            return t;
          });
  private volatile DiskStatus status;
  private boolean complaining;

  /**
   * Looks once before it returns, and gives the reserve up if that is needed to start at all.
   *
   * @param dir the data folder, created if it is missing; its parts may be mounted on other disks
   */
  public DiskGuard(DiskConfig config, Path dir, List<String> parts) {
    this.config = config;
    this.watermarks = new Watermarks(config);
    try {
      Files.createDirectories(dir);
      this.folders = Stream.concat(Stream.of(dir), parts.stream().map(dir::resolve)).toList();
      this.reserve = new ReserveFile(dir.resolve(RESERVE));
      this.status = tightest(DiskState.NORMAL);
      said(DiskState.NORMAL);
      releaseIfNeeded();
    } catch (IOException e) {
      thread.shutdown();
      throw new UncheckedIOException("cannot ask how much is free in " + dir, e);
    }
  }

  /** Begins to watch. */
  public void start() {
    var unused = thread.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
  }

  public DiskStatus status() {
    return status;
  }

  private void look() {
    try {
      DiskState before = status.state();
      status = tightest(before);
      said(before);
      releaseIfNeeded();
      if (status.state() == DiskState.NORMAL) {
        reserve.grow(config.reserve(status.totalBytes()));
      }
      complaining = false;
    } catch (IOException | RuntimeException e) {
      if (!complaining) {
        LOG.error("the disk cannot be watched; the state stays {}", status.state(), e);
      }
      complaining = true;
    }
  }

  /** Of all folders the one with the least to spare. */
  private DiskStatus tightest(DiskState before) throws IOException {
    DiskStatus worst = null;
    for (Path folder : folders) {
      if (Files.exists(folder)) {
        FileStore disk = Files.getFileStore(folder);
        DiskStatus one = watermarks.next(before, disk.getUsableSpace(), disk.getTotalSpace());
        if (worst == null || spare(one) < spare(worst)) {
          worst = one;
        }
      }
    }
    if (worst == null) {
      throw new IOException("none of " + folders + " exists");
    }
    return worst;
  }

  private static long spare(DiskStatus disk) {
    return disk.freeBytes() - disk.refuseBelow();
  }

  private void said(DiskState before) {
    if (status.state() == before) {
      return;
    }
    switch (status.state()) {
      case NORMAL -> LOG.info("disk is well again: {}", status);
      case WARN -> LOG.warn("disk fills: {}", status);
      case FULL ->
          LOG.error("disk is full: publishing is refused until space is freed: {}", status);
    }
  }

  private void releaseIfNeeded() throws IOException {
    if (reserve.size() > 0 && status.freeBytes() < config.reserve(status.totalBytes())) {
      long bytes = reserve.size();
      reserve.release();
      LOG.warn("disk reserve is given up bytes={}: {}", bytes, status);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
