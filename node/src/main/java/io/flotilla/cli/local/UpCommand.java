package io.flotilla.cli.local;

import io.flotilla.cli.command.Action;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.command.Silence;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.local.UpAnswer.Started;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Terminal;
import io.flotilla.client.FlotillaClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla up}: keeps a cluster on this machine until Ctrl-C. */
@Command
@Examples(
    value = {"flotilla up --dev", "flotilla up", "flotilla up --dir ./flotilla-data --node 2"},
    seeAlso = {"flotilla cluster describe", "flotilla node", "flotilla demo"})
public final class UpCommand extends Action {

  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(3);
  private static final int NODES = 3;
  private static final int BASE_PORT = 9095;
  private static final int BASE_PORT_MAX = 65_000;
  private static final String BASE_PORT_VARIABLE = "FLOTILLA_BASE_PORT";
  private static final Path DIR = Path.of("flotilla-data");

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "1, 3 or 5, decided at first use of the folder. Default: 3.")
  @Nullable Integer nodes;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Keeps everything; used again it has everything. Default: ./flotilla-data.")
  @Nullable Path dir;

  @Option(
      names = "--base-port",
      paramLabel = "P",
      description =
          "Client port of node 1; node N has P + 10 (N - 1), one more for its console, 2 more for"
              + " Raft. 0: free ports. Decided at first use of the folder. Default:"
              + " FLOTILLA_BASE_PORT, or 9095.")
  @Nullable Integer basePort;

  @Option(names = "--node", paramLabel = "N", description = "Starts only this node of the folder.")
  @Nullable Integer node;

  @Option(
      names = "--dev",
      description =
          "For development: one node with HTTP, in a temporary folder that is removed in the end;"
              + " topics are created when something is published to them.")
  boolean dev;

  @Option(names = "--data", paramLabel = "DIR", description = "With --dev: keeps everything.")
  @Nullable Path data;

  @Override
  public Shape shape() {
    return Shape.one(UpAnswer.class);
  }

  @Override
  protected ExitCode run(Printer printer) throws Exception {
    checkDev();
    Map<String, String> environment = printer.terminal().environment();
    return dev ? new DevNode(printer, checkedBasePort(environment)).run(data) : cluster(printer);
  }

  private ExitCode cluster(Printer printer) throws Exception {
    ClusterFolder folder = folder(printer.terminal().environment());
    List<NodePlace> places = node == null ? folder.nodes() : List.of(folder.node(node));
    for (NodePlace place : places) {
      NodeProcess.refuseIfRunning(folder, place);
    }
    Terminal terminal = printer.terminal();
    try (LocalCluster cluster = new LocalCluster(folder, terminal.environment())) {
      List<Started> started = new ArrayList<>();
      for (NodePlace place : places) {
        started.add(Started.of(cluster.start(place)));
        say(started.get(started.size() - 1).text(), printer);
      }
      awaitReady(cluster, folder, places, terminal);
      say("ready: " + folder.servers(), printer);
      if (!places.get(0).console().isEmpty()) {
        say("console: " + places.get(0).console(), printer);
      }
      if (printer.format().structured()) {
        printer.one(new UpAnswer(started, folder.servers(), null), answer -> List.of());
      }
      return keep(cluster, terminal);
    }
  }

  private void checkDev() {
    if (dev && (nodes != null || node != null || dir != null)) {
      throw CliException.usage(
          "cannot use --nodes, --node or --dir with --dev",
          "it is one node, in a folder that is removed in the end",
          "keep its data with --data DIR, or leave out --dev");
    }
    if (!dev && data != null) {
      throw CliException.usage(
          "cannot use --data without --dev",
          "a cluster always keeps its data, in --dir",
          "flotilla up --dir " + data);
    }
  }

  /** The folder's cluster, or a new one in it. */
  private ClusterFolder folder(Map<String, String> environment) throws IOException {
    if (!ClusterFolder.exists(dir())) {
      if (node != null) {
        throw CliException.usage(
            "cannot start node " + node + " of " + dir(),
            "there is no cluster in that folder yet",
            "flotilla up --dir " + dir());
      }
      return ClusterFolder.create(dir(), checkedNodes(), checkedBasePort(environment));
    }
    ClusterFolder folder = ClusterFolder.open(dir());
    if (nodes != null && nodes != folder.nodes().size()) {
      throw decided("--nodes " + nodes, folder.nodes().size() + " nodes");
    }
    if (basePort != null && basePort != 0 && basePort != folder.nodes().get(0).grpcPort()) {
      throw decided("--base-port " + basePort, "port " + folder.nodes().get(0).grpcPort());
    }
    return folder;
  }

  private Path dir() {
    return dir == null ? DIR : dir;
  }

  private CliException decided(String flag, String kept) {
    return CliException.usage(
        "cannot use " + flag + " with " + dir(),
        "the cluster in that folder was created with " + kept + " and keeps that",
        "leave the flag out, or begin anew with another --dir");
  }

  private int checkedNodes() {
    int wanted = nodes == null ? NODES : nodes;
    if (wanted != 1 && wanted != 3 && wanted != 5) {
      throw CliException.usage(
          "cannot start " + wanted + " nodes",
          "a majority must be possible, and more than five do not make a small cluster safer",
          "use --nodes 1, 3 or 5");
    }
    return wanted;
  }

  private int checkedBasePort(Map<String, String> environment) {
    int wanted = basePort == null ? basePort(environment) : basePort;
    if (wanted < 0 || wanted > BASE_PORT_MAX) {
      throw CliException.usage(
          "cannot use --base-port " + wanted,
          "it is between 1 and " + BASE_PORT_MAX + ", or 0 for any free ports",
          "flotilla up --base-port 9200");
    }
    return wanted;
  }

  private static int basePort(Map<String, String> environment) {
    String variable = environment.getOrDefault(BASE_PORT_VARIABLE, "");
    if (variable.isEmpty()) {
      return BASE_PORT;
    }
    try {
      return Integer.parseInt(variable);
    } catch (NumberFormatException e) {
      throw CliException.usage(
          "cannot use " + BASE_PORT_VARIABLE + " \"" + variable + "\"",
          "it is not a port",
          "give a number, such as 9200, or unset it");
    }
  }

  private static void awaitReady(
      LocalCluster cluster, ClusterFolder folder, List<NodePlace> places, Terminal terminal)
      throws InterruptedException {
    Silence.logs();
    try (FlotillaClient client =
        FlotillaClient.builder(folder.servers()).requestTimeout(ASK_TIMEOUT).build()) {
      cluster.awaitReady(client, places);
    } catch (CliException e) {
      cluster.showLogs(terminal);
      throw e;
    }
  }

  private static void say(String line, Printer printer) {
    if (!printer.format().structured()) {
      printer.terminal().line(line);
      printer.terminal().flush();
    }
  }

  /** Until all nodes have ended; Ctrl-C ends this process and the shutdown hook the nodes. */
  private ExitCode keep(LocalCluster cluster, Terminal terminal) throws InterruptedException {
    while (cluster.alive() > 0) {
      LocalCluster.Ended ended = cluster.awaitEnded();
      if (cluster.closed()) {
        return ExitCode.INTERRUPTED;
      }
      int id = ended.node().place().id();
      terminal.note(
          "node "
              + id
              + " ended with code "
              + ended.exitCode()
              + ". Start it again: flotilla up --dir "
              + dir()
              + " --node "
              + id);
    }
    throw CliException.local(
        "no node of " + dir() + " runs any more",
        "all that were started here have ended",
        "look at their logs, and start again: flotilla up --dir " + dir());
  }
}
