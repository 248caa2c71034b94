package io.flotilla.cluster.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/**
 * Lets a node's process write only so many times a second to its disk: the kernel's block I/O
 * controller (cgroup v1). Ends when it is closed, or with the process. Confined.
 */
public final class SlowDisk implements AutoCloseable {
  private static final Path CONTROLLER = Path.of("/sys/fs/cgroup/blkio");
  private static final String LIMIT = "blkio.throttle.write_iops_device";
  private static final Duration COMMAND_MAX = Duration.ofSeconds(10);

  private final Path group;
  private final String device;

  private SlowDisk(Path group, String device) {
    this.group = group;
    this.device = device;
  }

  /** Skips the test, and says so, where the kernel has no such controller. */
  public static void assumeAvailable() {
    boolean there = Files.isWritable(CONTROLLER.resolve("cgroup.procs"));
    if (!there) {
      System.out.println("SKIPPED: a test needs cgroup v1's blkio controller, which is not here");
    }
    Assumptions.assumeTrue(there, "no blkio controller");
  }

  /** From when it returns, the process writes at most so often. */
  static SlowDisk of(NodeProcess node, LoopDisk disk, int writesPerSecond) {
    Path group = CONTROLLER.resolve("flotilla-" + ProcessHandle.current().pid() + "-" + node.id());
    try {
      Files.createDirectories(group);
      SlowDisk slow = new SlowDisk(group, device(disk));
      slow.limit(writesPerSecond);
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(node.pid()));
      return slow;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String device(LoopDisk disk) {
    Script.Result found =
        Script.in(Path.of("/"))
            .run(COMMAND_MAX, "findmnt", "-n", "-o", "MAJ:MIN", disk.folder().toString());
    if (found.exitCode() != 0) {
      throw new AssertionError("no device behind " + disk.folder() + ": " + found.output());
    }
    return found.lastLine().trim();
  }

  private void limit(int writesPerSecond) throws IOException {
    Files.writeString(group.resolve(LIMIT), device + " " + writesPerSecond);
  }

  /** The disk is as fast as before. The process, if it still runs, leaves the group. */
  @Override
  public void close() {
    try {
      limit(0);
      for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
        Files.writeString(CONTROLLER.resolve("cgroup.procs"), pid);
      }
      Files.delete(group);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
