package io.flotilla.cluster.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command line to its end, with everything it started, and keeps what it said: standard
 * output and error together, in order. Confined.
 */
public final class Script {
  private final Path folder;

  /** How a command ended and what it said. */
  public record Result(int exitCode, List<String> lines) {
    public String output() {
      return String.join("\n", lines);
    }

    public String lastLine() {
      return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }
  }

  private Script(Path folder) {
    this.folder = folder;
  }

  /** Commands are run in this folder. */
  public static Script in(Path folder) {
    return new Script(folder);
  }

  /** Runs a command; a command that does not end in time is killed and fails the test. */
  public Result run(Duration atMost, String... command) {
    Process process = null;
    try {
      Path output = Files.createTempFile("flotilla-script-", ".out");
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.redirectErrorStream(true).redirectOutput(output.toFile());
      process = builder.redirectInput(ProcessBuilder.Redirect.from(devNull())).start();
      boolean ended = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
      List<String> lines = Files.readAllLines(output);
      if (!ended) {
        throw new AssertionError(
            String.join(" ", command) + " has not ended after " + atMost + ":\n" + lines);
      }
      Files.delete(output);
      return new Result(process.exitValue(), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      destroy(process);
    }
  }

  private static void destroy(@Nullable Process process) {
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static File devNull() {
    return Path.of("/dev/null").toFile();
  }
}
