package io.flotilla.cli.bench;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.DurationConverter;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.local.Await;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.NewTopic;
import io.flotilla.client.TopicDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla bench partitions}: topics of its own, which it deletes again. */
@Command
@Examples(
    value = {
      "flotilla bench partitions --count 20",
      "flotilla bench partitions --count 100 --rest 30s -o json"
    },
    seeAlso = {"flotilla topic create", "flotilla cluster describe"})
public final class BenchPartitionsCommand extends ClusterAction {

  private static final int A_TOPIC_MAX = 1_000;
  private static final int COUNT_MAX = 10_000;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How many partitions, in topics of up to 1,000. Default: 30.")
  int count = 30;

  @Option(
      names = "--replication-factor",
      paramLabel = "N",
      description = "Replicas of each. Default: the cluster's.")
  int replicationFactor;

  @Option(
      names = "--rest",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long the nodes are watched at rest, before and with them. Default: 10s.")
  Duration rest = Duration.ofSeconds(10);

  @Override
  public Shape shape() {
    return Shape.one(PartitionsFigures.class);
  }

  @Override
  protected String intent() {
    return "measure " + count + " partitions";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) {
    if (count < 1 || count > COUNT_MAX) {
      throw CliException.usage(
          "cannot measure " + count + " partitions",
          "--count is 1 to " + COUNT_MAX,
          "use for example --count 100");
    }
    Processes nodes = Processes.nodes(client);
    printer.terminal().progress("watching the nodes at rest");
    Cost before = atRest(nodes);
    List<String> topics = new ArrayList<>();
    PartitionsFigures figures;
    try {
      printer.terminal().progress("creating " + count + " partitions");
      long begun = System.nanoTime();
      int replicas = create(client, topics);
      long ledMs = since(begun);
      printer.terminal().progress("watching the nodes at rest, with the partitions");
      Cost with = atRest(nodes);
      int made = topics.size();
      begun = System.nanoTime();
      delete(client, topics);
      figures = new PartitionsFigures(count, made, replicas, ledMs, since(begun), before, with);
    } finally {
      deleteLeftovers(client, topics, printer);
    }
    printer.terminal().progress("");
    printer.one(figures, PartitionsFigures::text);
    return ExitCode.DONE;
  }

  /** Creates topics and waits for their leaders; the replication factor that they got. */
  private int create(FlotillaClient client, List<String> topics) {
    String run = "bench-partitions-" + UUID.randomUUID().toString().substring(0, 8) + "-";
    int replicas = 0;
    for (int left = count; left > 0; left -= A_TOPIC_MAX) {
      String name = run + topics.size();
      topics.add(name);
      NewTopic topic = NewTopic.of(name, Math.min(left, A_TOPIC_MAX));
      TopicDescription made =
          client.admin().createTopic(topic.withReplicationFactor(replicationFactor));
      replicas = made.replicationFactor();
      if (!made.ready()) {
        Await.until(
            "all partitions of " + name + " are led",
            timeout(),
            () -> client.admin().describeTopic(name).ready());
      }
    }
    return replicas;
  }

  private static void delete(FlotillaClient client, List<String> topics) {
    while (!topics.isEmpty()) {
      client.admin().deleteTopic(topics.get(0));
      topics.remove(0);
    }
  }

  private static void deleteLeftovers(FlotillaClient client, List<String> topics, Printer printer) {
    for (String topic : topics) {
      try {
        client.admin().deleteTopic(topic);
      } catch (FlotillaClientException e) {
        printer.terminal().note("topic " + topic + " may be left: " + e.getMessage());
      }
    }
  }

  private @Nullable Cost atRest(@Nullable Processes nodes) {
    if (nodes == null) {
      return null;
    }
    double cpu = nodes.cpuSeconds();
    long begun = System.nanoTime();
    Await.pass(rest);
    return nodes.cost(cpu, (System.nanoTime() - begun) / 1e9, 0);
  }

  private static long since(long begun) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
  }
}
