package io.flotilla.cli.local;

import io.flotilla.cli.error.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A node as a real process of its own, with its output in {@code log.txt} and its process id in
 * {@code pid}. Safe. It never outlives the one who started it, as long as {@link #terminate} or
 * {@link #kill} is called.
 */
public final class NodeProcess {

  private static final long STOP_SECONDS = 10;
  private static final int LOG_TAIL_LINES = 12;

  private final NodePlace place;
  private final Path folder;
  private final Path log;
  private final Process process;

  private NodeProcess(NodePlace place, Path folder, Path log, Process process) {
    this.place = place;
    this.folder = folder;
    this.log = log;
    this.process = process;
  }

  /** Starts a node of the folder; refuses when it runs already or its ports are taken. */
  public static NodeProcess start(
      ClusterFolder cluster, NodePlace place, Map<String, String> environment) throws IOException {
    refuseIfRunning(cluster, place);
    Ports.demandFree(
        place,
        "end that process; " + cluster.path() + " keeps its ports, another --dir has others");
    Path config = cluster.configure(place);
    Path log = cluster.log(place);
    Process process =
        new ProcessBuilder(NodeJvm.command(config, environment))
            .directory(cluster.folder(place).toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    process.getOutputStream().close();
    NodeProcess node = new NodeProcess(place, cluster.folder(place), log, process);
    Files.writeString(cluster.pid(place), process.pid() + " " + started(process.toHandle()) + "\n");
    return node;
  }

  static void refuseIfRunning(ClusterFolder cluster, NodePlace place) throws IOException {
    Optional<ProcessHandle> running = running(cluster.pid(place));
    if (running.isPresent()) {
      throw CliException.local(
          "cannot start node " + place.id() + " of " + cluster.path() + ": it runs already",
          "its process is " + running.get().pid() + " and listens at " + place.address(),
          "use it (-s " + place.address() + "), or end it first: kill " + running.get().pid());
    }
  }

  /** The live process whose id the file holds; the start time tells it from a later namesake. */
  private static Optional<ProcessHandle> running(Path pidFile) throws IOException {
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    String[] words = Files.readString(pidFile).strip().split(" ", -1);
    try {
      return ProcessHandle.of(Long.parseLong(words[0]))
          .filter(ProcessHandle::isAlive)
          .filter(handle -> words.length < 2 || started(handle) == Long.parseLong(words[1]));
    } catch (NumberFormatException unreadable) {
      return Optional.empty(); // Cut short by a crash; the ports tell whether it runs.
    }
  }

  private static long started(ProcessHandle handle) {
    return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  public NodePlace place() {
    return place;
  }

  public Path folder() {
    return folder;
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** Done when the process has ended, with its exit code. */
  public CompletableFuture<Integer> ended() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** Asks it to end (SIGTERM) without waiting. */
  public void terminate() {
    process.destroy();
  }

  /** Waits until it has ended; after 10 s it is killed. */
  public void awaitEnd() throws InterruptedException {
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      kill();
    }
  }

  /** Ends it at once (SIGKILL). */
  public void kill() throws InterruptedException {
    killNow();
    process.waitFor();
  }

  /** Ends it at once without waiting. */
  void killNow() {
    process.destroyForcibly();
  }

  /** What it wrote last. */
  public String logTail() {
    try {
      List<String> lines = Files.readAllLines(log);
      int first = Math.max(0, lines.size() - LOG_TAIL_LINES);
      return String.join("\n", lines.subList(first, lines.size()));
    } catch (IOException e) {
      return "(" + log + " cannot be read: " + e.getMessage() + ")";
    }
  }
}
