package io.flotilla.cli.local;

import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.local.UpAnswer.Started;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code up --dev}: one node for development, with HTTP and with topics that come into being when
 * they are published to. Without a folder of its own everything is in a temporary one, which is
 * removed when the command ends, by Ctrl-C, too; only SIGKILL and a node that does not start leave
 * it. Runs on the command's thread.
 */
final class DevNode {

  private static final int DEFAULT_PORT = 9095;

  /** Asking costs the node next to nothing, and whoever waits sees each tenth of a second. */
  private static final int LOOK_AGAIN_MS = 20;

  private static final int CONNECT_MS_MAX = 500;
  private static final int ANSWER_MS_MAX = 2_000;

  private static final String JAVA_OPTS = "FLOTILLA_JAVA_OPTS";

  /** A node that nobody measures is there sooner with the first compiler alone. */
  private static final String FAST_START = "-XX:TieredStopAtLevel=1";

  /** One node has nobody to wait for before it leads. */
  private static final String SETTINGS =
      """
      topics: {auto-create: true}
      raft: {election-timeout-min: 100ms, election-timeout-max: 150ms}
      """;

  private final Printer printer;
  private final Terminal terminal;
  private final int basePort;
  private volatile @Nullable LocalCluster cluster;

  /** It did not start: its folder says why, and stays. */
  private volatile boolean failed;

  /**
   * @param basePort the client port; 0: any that are free
   */
  DevNode(Printer printer, int basePort) {
    this.printer = printer;
    this.terminal = printer.terminal();
    this.basePort = basePort;
  }

  /**
   * Starts it, says so, and stays until it has ended.
   *
   * @param data keeps everything; null: nothing is kept
   */
  ExitCode run(@Nullable Path data) throws Exception {
    Path dir = data == null ? temporary() : data;
    ClusterFolder opened =
        ClusterFolder.exists(dir)
            ? ClusterFolder.open(dir)
            : ClusterFolder.create(dir, 1, basePort);
    demandOneNode(opened, dir);
    NodePlace place = opened.nodes().get(0);
    NodeProcess.refuseIfRunning(opened, place);
    ClusterFolder folder = opened.withSettings(SETTINGS);
    try (LocalCluster local = new LocalCluster(folder, environment(terminal.environment()))) {
      cluster = local;
      NodeProcess node = local.start(place);
      awaitReady(local, place.httpPort());
      say(Started.of(node), place, folder.path(), data == null);
      LocalCluster.Ended ended = local.awaitEnded();
      if (local.closed()) {
        return ExitCode.INTERRUPTED;
      }
      local.showLogs(terminal);
      throw CliException.local(
          "the node ended with code " + ended.exitCode(),
          "what it wrote last is above",
          "start it again: flotilla up --dev");
    }
  }

  /** Removed when this process ends, after the node has ended. */
  private Path temporary() throws IOException {
    Path dir = Files.createTempDirectory("flotilla-dev-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(dir), "remove-data"));
    return dir;
  }

  private void remove(Path dir) {
    LocalCluster started = cluster;
    if (started != null) {
      started.close();
    }
    if (failed) {
      return;
    }
    try {
      ClusterFolder.delete(dir);
    } catch (IOException e) {
      terminal.note("cannot remove " + dir + ": " + e.getMessage());
    }
  }

  private static void demandOneNode(ClusterFolder folder, Path dir) {
    if (folder.nodes().size() != 1) {
      throw CliException.usage(
          "cannot use --dev with " + dir,
          "the cluster in that folder has " + folder.nodes().size() + " nodes, and --dev has one",
          "start that cluster: flotilla up --dir " + dir + "; or name another folder");
    }
  }

  private static Map<String, String> environment(Map<String, String> given) {
    Map<String, String> environment = new HashMap<>(given);
    environment.merge(JAVA_OPTS, FAST_START, (own, fast) -> fast + " " + own);
    return environment;
  }

  private void awaitReady(LocalCluster local, int http) throws InterruptedException {
    try {
      local.awaitReady(LOOK_AGAIN_MS, () -> obstacle(http));
    } catch (CliException e) {
      failed = true;
      local.showLogs(terminal);
      throw e;
    }
  }

  /** By hand, for a client of the cluster takes longer to load than the node takes to start. */
  private static String obstacle(int http) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), http), CONNECT_MS_MAX);
      socket.setSoTimeout(ANSWER_MS_MAX);
      socket
          .getOutputStream()
          .write("GET /ready HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String status =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      return status != null && status.contains(" 200 ") ? "" : "it says " + status;
    } catch (IOException notYet) {
      return "it does not answer yet: " + notYet.getMessage();
    }
  }

  private void say(Started node, NodePlace place, Path dir, boolean gone) {
    String address = "localhost:" + place.grpcPort();
    String console = "http://localhost:" + place.httpPort();
    String server = place.grpcPort() == DEFAULT_PORT ? "" : " -s " + address;
    if (printer.format().structured()) {
      printer.one(new UpAnswer(List.of(node), address, console), answer -> List.of());
      return;
    }
    terminal.line("ready: " + address + "   console: " + console + "   Ctrl-C stops");
    terminal.line("next:  flotilla publish notifications" + server + " --key 1 --value hello");
    terminal.flush();
    terminal.note(
        "for development: one node, publishing creates topics"
            + (gone
                ? "; data in " + dir + ", removed in the end (--data DIR keeps it)"
                : "; kept in " + dir));
  }
}
