package io.flotilla.cli.bench;

import io.flotilla.cli.command.Action;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.command.Silence;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.error.Failures;
import io.flotilla.cli.error.Failures.Asked;
import io.flotilla.cli.local.Await;
import io.flotilla.cli.local.ClusterFolder;
import io.flotilla.cli.local.LocalCluster;
import io.flotilla.cli.local.NodePlace;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Table;
import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.Leader;
import io.flotilla.client.NewTopic;
import io.flotilla.client.ProducerOptions;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaDescription.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code flotilla bench failover}: a cluster of its own in a temporary folder, because nobody's
 * nodes are killed for a figure.
 */
@Command
@Examples(
    value = {"flotilla bench failover", "flotilla bench failover --kills 20 --nodes 5 -o json"},
    seeAlso = {"flotilla demo", "flotilla bench end-to-end"})
public final class BenchFailoverCommand extends Action {

  private static final String TOPIC = "failover";
  private static final int REPLICAS = 3;
  private static final Event TICK = Event.of("tick");
  private static final Set<Role> IN_GROUP = Set.of(Role.LEADER, Role.FOLLOWER);
  private static final String KEPT = "the nodes' logs and data are kept in ";
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration BEFORE = Duration.ofSeconds(2);
  private static final Duration AFTER = Duration.ofSeconds(8);
  private static final Duration WHOLE_WITHIN = Duration.ofMinutes(2);

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "How many leaders are killed, one after the other. Default: 5.")
  int kills = 5;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "Nodes of the cluster that is started, 3 to 7. Default: 3.")
  int nodes = 3;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Events a second to the one partition, 20 to 10000. Default: 200.")
  long rate = 200;

  @Override
  public Shape shape() {
    return Shape.listOf(KillFigures.class);
  }

  @Override
  protected ExitCode run(Printer printer) throws Exception {
    if (kills < 1 || nodes < 3 || nodes > 7 || rate < 20 || rate > 10_000) {
      throw CliException.usage(
          "cannot measure with these numbers",
          "--kills is at least 1, --nodes 3 to 7, --rate 20 to 10000",
          "use for example --kills 5 --nodes 3");
    }
    Silence.logs();
    Path temporary = Files.createTempDirectory("flotilla-bench-");
    ClusterFolder folder = ClusterFolder.create(temporary, nodes, 0);
    List<KillFigures> figures;
    try (LocalCluster cluster = new LocalCluster(folder, printer.terminal().environment());
        FlotillaClient client =
            FlotillaClient.builder(folder.servers()).requestTimeout(ASK_TIMEOUT).build()) {
      figures = measure(cluster, folder, client, printer);
    } catch (FlotillaClientException e) {
      printer.terminal().note(KEPT + temporary);
      Asked asked = new Asked("cannot measure fail-over", TOPIC, "");
      CliException report = Failures.of(asked, folder.servers(), ASK_TIMEOUT, e);
      report.initCause(e);
      throw report;
    } catch (Exception e) {
      printer.terminal().note(KEPT + temporary);
      throw e;
    }
    folder.delete();
    printer.terminal().progress("");
    printer.list(figures, table(), "nothing was killed");
    if (!printer.format().structured()) {
      printer.terminal().line(summary(figures));
    }
    return figures.stream().anyMatch(one -> one.failed() > 0) ? ExitCode.NO : ExitCode.DONE;
  }

  private List<KillFigures> measure(
      LocalCluster cluster, ClusterFolder folder, FlotillaClient client, Printer printer)
      throws Exception {
    printer.terminal().progress("starting " + nodes + " nodes in " + folder.path());
    for (NodePlace place : folder.nodes()) {
      cluster.start(place);
    }
    cluster.awaitReady(client, folder.nodes());
    client.admin().createTopic(NewTopic.of(TOPIC, 1).withReplicationFactor(REPLICAS));
    List<KillFigures> figures = new ArrayList<>();
    for (int kill = 1; kill <= kills; kill++) {
      printer.terminal().progress("kill " + kill + " of " + kills);
      figures.add(kill(kill, cluster, folder, client));
    }
    return figures;
  }

  private KillFigures kill(
      int number, LocalCluster cluster, ClusterFolder folder, FlotillaClient client)
      throws Exception {
    Await.until("all replicas have caught up", WHOLE_WITHIN, () -> isWhole(client));
    Load.Plan plan = new Load.Plan(TOPIC, 1, 1, rate, ProducerOptions.defaults());
    int leader;
    KillFigures figures;
    try (DueReader reader = new DueReader(client, TOPIC);
        Load load = new Load(client, plan, (n, due) -> DueReader.stamped(TICK, due)).start()) {
      Await.pass(BEFORE);
      leader = leader(client);
      load.times();
      load.longestGapNanos();
      reader.longestGapNanos();
      cluster.process(leader).kill();
      Await.pass(AFTER);
      reader.demandReading();
      figures =
          new KillFigures(
              number,
              leader,
              TimeUnit.NANOSECONDS.toMillis(load.longestGapNanos()),
              TimeUnit.NANOSECONDS.toMillis(reader.longestGapNanos()),
              TimeUnit.MICROSECONDS.toMillis(load.times().getMaxValue()),
              load.failed());
    }
    cluster.awaitEnded();
    cluster.start(folder.node(leader));
    cluster.awaitReady(client, folder.nodes());
    return figures;
  }

  private static boolean isWhole(FlotillaClient client) {
    List<ReplicaDescription> replicas =
        client.admin().describeCluster(true).replicas().stream()
            .filter(replica -> replica.topic().equals(TOPIC))
            .toList();
    return replicas.size() == REPLICAS
        && replicas.stream().allMatch(one -> IN_GROUP.contains(one.role()) && one.lagEvents() == 0);
  }

  private static int leader(FlotillaClient client) {
    Leader leader = client.admin().describeTopic(TOPIC).partitions().get(0).leader();
    if (leader == null) {
      throw new IllegalStateException("the partition has no leader while nothing is killed");
    }
    return leader.nodeId();
  }

  private static Table<KillFigures> table() {
    return new Table<KillFigures>()
        .number("KILL", k -> (long) k.kill())
        .number("NODE", k -> (long) k.node())
        .number("NO WRITE, MS", KillFigures::writePauseMs)
        .number("NO READ, MS", KillFigures::readPauseMs)
        .number("LATEST ACK, MS", KillFigures::latestMs)
        .number("FAILED", KillFigures::failed);
  }

  private static String summary(List<KillFigures> figures) {
    long[] writes = figures.stream().mapToLong(KillFigures::writePauseMs).sorted().toArray();
    long[] reads = figures.stream().mapToLong(KillFigures::readPauseMs).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "median of %d kills: no write for %,d ms (worst %,d), no read for %,d ms (worst %,d)",
        figures.size(),
        writes[writes.length / 2],
        writes[writes.length - 1],
        reads[reads.length / 2],
        reads[reads.length - 1]);
  }
}
