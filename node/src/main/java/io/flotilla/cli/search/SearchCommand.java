package io.flotilla.cli.search;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.command.PositionConverter;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.BrokenPipeException;
import io.flotilla.cli.output.Format;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.subscribe.EventWriter;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.KeyPartition;
import io.flotilla.client.StartPosition;
import io.flotilla.client.TopicDescription;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla search TOPIC}: reads what is stored once and shows what fits. */
@Command
@Examples(
    value = {
      "flotilla search orders --key customer-7",
      "flotilla search orders --where '.amount>100' --where .currency=EUR --from -24h",
      "flotilla search orders --where value~refused --header trace-id --max 10 -o ndjson"
    },
    seeAlso = {"flotilla get", "flotilla subscribe"})
public final class SearchCommand extends ClusterAction {

  @Parameters(paramLabel = "TOPIC", description = "The topic.")
  String topic = "";

  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      description =
          "Events of this key. Only the partition that the key decides is read, unless --partition"
              + " names others.")
  @Nullable String key;

  @Option(
      names = "--where",
      paramLabel = "CONDITION",
      converter = Condition.Converter.class,
      description = Condition.FORMS)
  List<Condition> conditions = List.of();

  @Option(
      names = {"-H", "--header"},
      paramLabel = "NAME[:VALUE]",
      description = "Events with this header. May be repeated; all must be there.")
  List<String> headers = List.of();

  @Option(
      names = "--from",
      paramLabel = "POSITION",
      converter = PositionConverter.class,
      description = "Where to begin: " + PositionConverter.FORMS + ". Default: earliest.")
  StartPosition from = StartPosition.earliest();

  @Option(
      names = "--until",
      paramLabel = "POSITION",
      converter = PositionConverter.class,
      description = "Where to end, this one left out. Default: latest, the end as it is now.")
  StartPosition until = StartPosition.latest();

  @Option(
      names = "--partition",
      paramLabel = "P",
      split = ",",
      description = "Only this partition; may be repeated. Default: all, or the key's.")
  List<Integer> partitions = List.of();

  @Option(
      names = {"-n", "--max"},
      paramLabel = "N",
      description = "Ends after so many were found. Default: no limit.")
  long max = Long.MAX_VALUE;

  @Override
  public Shape shape() {
    return EventWriter.shape();
  }

  @Override
  protected Format defaultFormat() {
    return Format.TABLE;
  }

  @Override
  protected boolean givesEvents() {
    return true;
  }

  @Override
  protected String topic() {
    return topic;
  }

  @Override
  protected String intent() {
    return "search \"" + topic + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) {
    if (max < 1) {
      throw CliException.usage(
          "cannot " + intent(), "--max is at least 1, found " + max, "leave it out for no limit");
    }
    byte[] wanted = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    TopicDescription description = client.admin().describeTopic(topic);
    List<Integer> read = partitions(description.partitionCount(), wanted);
    List<Stretch> stretches = Stretch.of(client.admin(), topic, read, from, until);
    Search search =
        new Search(
            new Scan(topic, stretches),
            new EventFilter(wanted, headers, conditions),
            EventWriter.of(printer, utc(), false),
            printer.terminal(),
            max,
            utc());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(search), "conclude"));
    return search.run(client) > 0 ? ExitCode.DONE : ExitCode.NO;
  }

  /** Ctrl-C: what was found stays, with how far that was; the exit code is 130. */
  private static void interrupted(Search search) {
    try {
      search.conclude();
    } catch (BrokenPipeException readerHasEnough) {
      return; // Nobody reads, so nothing is lost.
    }
  }

  private List<Integer> partitions(int count, byte @Nullable [] wanted) {
    for (int partition : partitions) {
      if (partition < 0 || partition >= count) {
        throw CliException.usage(
            "cannot " + intent(),
            "it has no partition " + partition + ", but 0 to " + (count - 1),
            "leave out --partition for all");
      }
    }
    if (!partitions.isEmpty()) {
      return partitions.stream().distinct().sorted().toList();
    }
    return wanted == null
        ? IntStream.range(0, count).boxed().toList()
        : List.of(KeyPartition.of(wanted, count));
  }
}
