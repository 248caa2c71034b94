package io.flotilla.cluster.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Has the kernel answer a running node's syncs of one file with EIO, as a dying disk does: strace,
 * attached to it. Needs strace and the right to use it. Confined to the test's thread.
 */
public final class SyncFault implements AutoCloseable {
  private static final Duration COMMAND_MAX = Duration.ofSeconds(10);

  private final Process strace;

  private SyncFault(Process strace) {
    this.strace = strace;
  }

  /** Skips the test, and says so, where strace cannot be used. */
  public static void assumeAvailable() {
    String why = "";
    try {
      Script.Result trial =
          Script.in(Path.of("/"))
              .run(
                  COMMAND_MAX,
                  "strace",
                  "-qq",
                  "-o",
                  "/dev/null",
                  "-e",
                  "inject=fdatasync:error=EIO",
                  "true");
      why = trial.exitCode() == 0 ? "" : trial.output();
    } catch (UncheckedIOException e) {
      why = String.valueOf(e.getMessage());
    }
    if (!why.isEmpty()) {
      System.out.println("SKIPPED: a test needs strace, which cannot be used: " + why);
    }
    Assumptions.assumeTrue(why.isEmpty(), why);
  }

  /** From when it returns, no sync of the file succeeds in that process. */
  public static SyncFault on(NodeProcess node, Path file) {
    try {
      File output = Files.createTempFile("flotilla-strace-", ".out").toFile();
      output.deleteOnExit();
      Process strace =
          new ProcessBuilder(
                  "strace",
                  "-f",
                  "-p",
                  Long.toString(node.pid()),
                  "-P",
                  file.toString(),
                  "-o",
                  "/dev/null",
                  "-e",
                  "trace=fdatasync,fsync",
                  "-e",
                  "inject=fdatasync,fsync:error=EIO")
              .redirectErrorStream(true)
              .redirectOutput(output)
              .start();
      Await.until(
          "strace is attached",
          COMMAND_MAX,
          () -> Files.readString(output.toPath()).contains("attached"));
      return new SyncFault(strace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    strace.destroy();
    try {
      if (!strace.waitFor(COMMAND_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        strace.destroyForcibly();
      }
    } catch (InterruptedException e) {
      strace.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
