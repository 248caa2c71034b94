package io.flotilla.cluster.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One node as a process of its own: its folder, configuration, log and life. Confined to the thread
 * of the test, except the two kills, which the shutdown hook calls, too. Output is appended to one
 * file over all lives of the node, so that a report shows what happened before a crash.
 */
public final class NodeProcess {
  /** How long a node may take to stop after SIGTERM. */
  public static final Duration TERMINATE_MAX = Duration.ofSeconds(10);

  private static final Duration SIGNAL_MAX = Duration.ofSeconds(5);
  private static final Duration HISTOGRAM_MAX = Duration.ofSeconds(30);

  private static final List<String> JAVA_OPTS =
      Stream.of(System.getProperty("flotilla.node.java-opts", "").split(" "))
          .filter(option -> !option.isEmpty())
          .toList();

  private final int id;
  private final String host;
  private final int clientPort;
  private final Path folder;
  private final NodeLaunch launch;
  private volatile @Nullable Process process;
  private volatile boolean paused;

  NodeProcess(int id, String host, int clientPort, Path folder, NodeLaunch launch) {
    this.id = id;
    this.host = host;
    this.clientPort = clientPort;
    this.folder = folder;
    this.launch = launch;
  }

  /** Writes the configuration. */
  void configure(List<String> clusterNodes, String extraYaml) throws IOException {
    Files.createDirectories(folder);
    String nodes = "\"" + String.join("\", \"", clusterNodes) + "\"";
    Files.writeString(
        config(),
        """
        node: {id: %d, dir: "%s"}
        cluster:
          nodes: [%s]
        %s"""
            .formatted(id, data(), nodes, extraYaml));
  }

  /** Starts it and returns at once. */
  void start() {
    assertThat(isRunning()).as("node %d runs already", id).isFalse();
    List<String> command = new ArrayList<>(launch.prefix());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx384m", "-XX:ActiveProcessorCount=2"));
    command.addAll(List.of("-XX:+ExitOnOutOfMemoryError", "-XX:-HeapDumpOnOutOfMemoryError"));
    if (Runtime.version().feature() >= 21) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(NodeArchive.flags());
    command.addAll(JAVA_OPTS);
    command.addAll(launch.javaOptions());
    command.addAll(List.of("-cp", classPath()));
    command.addAll(List.of("io.flotilla.node.Main", "--config", config().toString()));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(launch.environment());
    builder.redirectErrorStream(true);
    try {
      process = builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile())).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    paused = false;
  }

  /** The node's own jar first, as the start script has it: some classes are in Ratis' place. */
  static String classPath() {
    return ownJar() + File.pathSeparator + lib().resolve("*");
  }

  static Path ownJar() {
    try (DirectoryStream<Path> own = Files.newDirectoryStream(lib(), "flotilla-node-*.jar")) {
      return own.iterator().next();
    } catch (IOException e) {
      throw new UncheckedIOException("no build in " + lib(), e);
    }
  }

  static Path lib() {
    return home().resolve("node/target/dist/lib");
  }

  /** SIGKILL to it and to everything it started: returns when the process is gone. */
  void kill() {
    Process running = process;
    if (running != null) {
      signalKill();
      boolean gone = waitFor(running, SIGNAL_MAX);
      assertThat(gone).as("node %d is gone after SIGKILL", id).isTrue();
    }
    paused = false;
  }

  /** SIGKILL without waiting. */
  void signalKill() {
    Process running = process;
    if (running != null) {
      running.descendants().forEach(ProcessHandle::destroyForcibly);
      running.destroyForcibly();
    }
  }

  /** SIGTERM: returns when the process has ended with exit code 0, in time. */
  public Duration terminate(Duration within) {
    Process running = running();
    long begin = System.nanoTime();
    running.destroy();
    boolean ended = waitFor(running, within);
    assertThat(ended).as("node %d ended within %s of SIGTERM", id, within).isTrue();
    assertThat(running.exitValue()).as("exit code of node %d after SIGTERM", id).isZero();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** SIGSTOP: returns when the kernel has stopped the process. */
  void pause() {
    signal("-STOP");
    Await.until("node " + id + " is stopped", SIGNAL_MAX, () -> state() == 'T');
    paused = true;
  }

  /** SIGCONT. */
  void resume() {
    signal("-CONT");
    paused = false;
  }

  /** The process exists (paused or not). */
  public boolean isRunning() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /** The process exists and is not paused. */
  public boolean isResponsive() {
    return isRunning() && !paused;
  }

  /** Threads of the process. */
  public int threads() {
    return Integer.parseInt(procStatus("Threads:"));
  }

  /** Resident memory, in KiB. */
  public long residentKib() {
    return Long.parseLong(procStatus("VmRSS:").replace("kB", "").trim());
  }

  /** Bytes of objects that are alive on its heap, after a full collection. */
  public long liveHeapBytes() {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Script.Result histogram =
        Script.in(folder).run(HISTOGRAM_MAX, jcmd, Long.toString(pid()), "GC.class_histogram");
    assertThat(histogram.lastLine()).as(histogram.output()).startsWith("Total");
    return Long.parseLong(List.of(histogram.lastLine().trim().split("\\s+", -1)).get(2));
  }

  /** Deletes its data; its configuration and its log stay. */
  void wipe() {
    assertThat(isRunning()).as("node %d runs: kill it first", id).isFalse();
    TestCluster.delete(data());
  }

  /** Does to its data what a disk may do. */
  void corrupt(Corruption corruption) {
    assertThat(isRunning()).as("node %d runs: kill it first", id).isFalse();
    corruption.in(data());
  }

  /** Where it keeps its data. */
  public Path data() {
    return folder.resolve("data");
  }

  /** Bytes of the largest of its Raft logs. */
  public long largestRaftLog() throws IOException {
    long largest = 0;
    try (Stream<Path> groups = Files.list(data().resolve("raft/groups"))) {
      for (Path group : groups.toList()) {
        try (Stream<Path> files = Files.list(group.resolve("current"))) {
          largest = Math.max(largest, files.mapToLong(file -> file.toFile().length()).sum());
        }
      }
    }
    return largest;
  }

  /** The last lines of its log, oldest first. */
  public List<String> lastLogLines(int count) throws IOException {
    if (!Files.exists(log())) {
      return List.of();
    }
    List<String> lines = Files.readAllLines(log(), StandardCharsets.UTF_8);
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }

  public int id() {
    return id;
  }

  public int clientPort() {
    return clientPort;
  }

  /** Where clients and other nodes find it. */
  public String host() {
    return host;
  }

  /** Everything of this node: configuration, log, data. */
  public Path folder() {
    return folder;
  }

  /** Waits until it has ended by itself; answers its exit code. */
  public int awaitEnd(Duration atMost) {
    Process ending = process;
    if (ending == null) {
      throw new IllegalStateException("node " + id + " was never started");
    }
    assertThat(waitFor(ending, atMost)).as("node %d ends by itself", id).isTrue();
    return ending.exitValue();
  }

  /** What the node said. */
  public Path log() {
    return folder.resolve("node.log");
  }

  /** The operating system's id of the running process. */
  public long pid() {
    return running().pid();
  }

  /** The root of the source tree, as the build tells it. */
  public static Path home() {
    String home = System.getProperty("flotilla.home");
    if (home == null) {
      throw new IllegalStateException("flotilla.home is not set: run by Maven, or with -D");
    }
    return Path.of(home);
  }

  private Path config() {
    return folder.resolve("node.yaml");
  }

  private Process running() {
    Process current = process;
    if (current == null || !current.isAlive()) {
      throw new IllegalStateException("node " + id + " does not run");
    }
    return current;
  }

  private void signal(String signal) {
    try {
      Process kill = new ProcessBuilder("kill", signal, Long.toString(pid())).inheritIO().start();
      boolean ended = waitFor(kill, SIGNAL_MAX);
      assertThat(ended && kill.exitValue() == 0).as("kill %s node %d", signal, id).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private char state() {
    return procStatus("State:").charAt(0);
  }

  private String procStatus(String field) {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith(field))
          .findFirst()
          .orElseThrow()
          .substring(field.length())
          .trim();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean waitFor(Process process, Duration atMost) {
    try {
      return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a process", e);
    }
  }
}
