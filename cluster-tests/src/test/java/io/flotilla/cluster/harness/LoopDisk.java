package io.flotilla.cluster.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/**
 * A small disk of its own: an ext4 file system in a file, mounted over a loop device, which can be
 * filled to the brim without harm to anything else. Needs root and loop devices. Confined to the
 * test's thread, except {@link #close}, which the shutdown hook calls, too.
 */
public final class LoopDisk implements AutoCloseable {
  private static final Duration COMMAND_MAX = Duration.ofSeconds(30);
  private static final String BALLAST = "ballast";
  private static final int BLOCK = 1 << 20;
  private static final int FILLS_MAX = 20;

  private final Path image;
  private final Path folder;
  private boolean mounted; // guarded by this

  private LoopDisk(Path image, Path folder) {
    this.image = image;
    this.folder = folder;
  }

  /** Makes a disk and mounts it on the folder, which is created if it is missing. */
  public static LoopDisk create(Path folder, long bytes) {
    LoopDisk disk = new LoopDisk(folder.resolveSibling(folder.getFileName() + ".img"), folder);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    disk.demand("truncate", "-s", Long.toString(bytes), disk.image.toString());
    // Nothing is set aside for root, who runs the nodes here: full is full.
    disk.demand("mkfs.ext4", "-q", "-F", "-m", "0", disk.image.toString());
    disk.mount();
    return disk;
  }

  /** Skips the test, and says so, where such disks cannot be mounted. */
  public static void assumeAvailable() {
    String why = whyNot();
    if (!why.isEmpty()) {
      System.out.println("SKIPPED: a test needs loop-mounted disks, which cannot be had: " + why);
    }
    Assumptions.assumeTrue(why.isEmpty(), why);
  }

  private static String whyNot() {
    try {
      Path trial = Files.createTempDirectory("flotilla-loop-");
      try (LoopDisk disk = create(trial.resolve("disk"), 8 << 20)) {
        return Files.getFileStore(disk.folder).type().equals("ext4") ? "" : "not mounted";
      } catch (AssertionError e) {
        return String.valueOf(e.getMessage());
      } finally {
        Script.in(Path.of("/")).run(COMMAND_MAX, "rm", "-r", trial.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, where its power cannot be cut. */
  public static void assumePowerCanBeCut() {
    assumeAvailable();
    String why = "";
    try {
      why = Script.in(Path.of("/")).run(COMMAND_MAX, "xfs_io", "-V").exitCode() == 0 ? "" : "fails";
    } catch (UncheckedIOException e) {
      why = String.valueOf(e.getMessage());
    }
    if (!why.isEmpty()) {
      System.out.println("SKIPPED: a test cuts the power of disks with xfs_io (xfsprogs): " + why);
    }
    Assumptions.assumeTrue(why.isEmpty(), why);
  }

  /** Puts a file on it, of a size that leaves about this many bytes free, at least 2 MiB. */
  public void fill(long leaveFreeBytes) {
    long bytes = freeBytes() - leaveFreeBytes;
    if (bytes <= 0) {
      throw new IllegalStateException(freeBytes() + " bytes are free, fewer than were to be left");
    }
    demand("fallocate", "-l", Long.toString(bytes), ballast().toString());
  }

  /** Fills it until not a single byte more can be written. */
  public void fillUp() {
    // A node that writes meanwhile may take what was free just now.
    for (int left = FILLS_MAX; left > 0 && freeBytes() > 4 * BLOCK; left--) {
      long bytes = freeBytes() - 2 * BLOCK;
      run("fallocate", "-l", Long.toString(bytes), ballast().toString());
    }
    byte[] block = new byte[BLOCK];
    try (OutputStream out = Files.newOutputStream(ballast())) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Path ballast() {
    return folder.resolve(BALLAST + "-" + System.nanoTime());
  }

  /** Removes what filled it. */
  public void free() {
    try (var files = Files.newDirectoryStream(folder, BALLAST + "-*")) {
      for (Path file : files) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long freeBytes() {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public synchronized void mount() {
    demand("mount", "-o", "loop", image.toString(), folder.toString());
    mounted = true;
  }

  /** What was not synced is written out first, unlike in a power cut. */
  public synchronized void unmount() {
    demand("umount", folder.toString());
    mounted = false;
  }

  /**
   * The power is gone: what was not synced, names of files included, is lost, and every access
   * fails. The process that uses it must be killed before {@link #restorePower}.
   */
  public void cutPower() {
    demand("xfs_io", "-x", "-c", "shutdown", folder.toString());
  }

  /** Mounts it as it was found after the power came back: the file system recovers its journal. */
  public synchronized void restorePower() {
    unmount();
    mount();
  }

  /** Deletes everything on it. */
  void wipe() {
    demand("find", folder.toString(), "-mindepth", "1", "-delete");
  }

  /** Where it is mounted. */
  Path folder() {
    return folder;
  }

  @Override
  public synchronized void close() {
    if (mounted) {
      // Lazily: a process that is just being killed may still have files open.
      demand("umount", "-l", folder.toString());
      mounted = false;
    }
  }

  private static Script.Result run(String... command) {
    try {
      return Script.in(Path.of("/")).run(COMMAND_MAX, command);
    } catch (UncheckedIOException e) {
      throw new AssertionError(command[0] + " cannot be run: " + e.getMessage(), e);
    }
  }

  private void demand(String... command) {
    Script.Result result = run(command);
    if (result.exitCode() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + result.output());
    }
  }
}
