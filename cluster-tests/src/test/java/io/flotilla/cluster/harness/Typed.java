package io.flotilla.cluster.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A command line that was typed into a shell which finds {@code flotilla}, and that runs until it
 * ends or is stopped. What it says is kept, standard output and error together. Confined; whatever
 * it started ends with {@link #close}.
 */
public final class Typed implements AutoCloseable {
  private static final long STOP_SECONDS = 20;

  private final String command;
  private final Path output;
  private final Process process;

  private Typed(String command, Path output, Process process) {
    this.command = command;
    this.output = output;
    this.process = process;
  }

  /**
   * Starts it and does not wait.
   *
   * @param folder where it is typed
   * @param environment variables beside those of this process
   */
  public static Typed in(Path folder, Map<String, String> environment, String command) {
    try {
      Path output = Files.createTempFile("flotilla-typed-", ".out");
      // One simple command, which takes the shell's place: its signals are the command's.
      ProcessBuilder builder =
          new ProcessBuilder("bash", "-c", "exec env " + command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(output.toFile());
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().merge("PATH", "", (path, none) -> NodeProcess.home() + ":" + path);
      builder.environment().putAll(environment);
      return new Typed(command, output, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that it has said. */
  public String said() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for a line that begins so; fails when the command ends without it. */
  public String awaitLine(String start, Duration atMost) {
    return Await.value(
        command + " says \"" + start + "\"",
        atMost,
        () -> {
          boolean ended = !process.isAlive();
          Optional<String> line = said().lines().filter(one -> one.startsWith(start)).findFirst();
          if (line.isEmpty() && ended) {
            throw new AssertionError(
                command + " ended with " + process.exitValue() + " and said:\n" + said());
          }
          return line;
        });
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until it has ended by itself; answers its exit code. */
  public int awaitEnd(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(command + " has not ended after " + atMost + ":\n" + said());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** SIGTERM; answers the exit code. */
  public int stop(Duration atMost) {
    process.destroy();
    return awaitEnd(atMost);
  }

  /** Stops it, if it has not ended, so that it can tidy up; then kills what is left. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      Files.deleteIfExists(output);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
