package io.flotilla.cli.verify;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.DurationConverter;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Text;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.PartitionVerification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla verify TOPIC}. */
@Command
@Examples(
    value = {"flotilla verify orders", "flotilla verify orders --partition 0 -o json"},
    seeAlso = {"flotilla cluster describe"})
public final class VerifyCommand extends ClusterAction {

  @Parameters(paramLabel = "TOPIC", description = "The topic.")
  String topic = "";

  @Option(
      names = "--partition",
      paramLabel = "P",
      description = "Only this partition; may be repeated.")
  List<Integer> partitions = new ArrayList<>();

  @Option(
      names = "--within",
      paramLabel = "DURATION",
      defaultValue = "1h",
      converter = DurationConverter.class,
      description = "Give a partition up after this time. Default: ${DEFAULT-VALUE}.")
  Duration within = Duration.ofHours(1);

  @Override
  public Shape shape() {
    return Shape.one(VerifyAnswer.class);
  }

  @Override
  protected String topic() {
    return topic;
  }

  @Override
  protected String intent() {
    return "verify topic \"" + topic + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) {
    List<Integer> wanted =
        partitions.isEmpty()
            ? IntStream.range(0, client.admin().describeTopic(topic).partitionCount())
                .boxed()
                .toList()
            : partitions;
    List<PartitionVerification> found = new ArrayList<>();
    for (int partition : wanted) {
      found.add(
          client
              .admin()
              .verifyPartition(
                  topic,
                  partition,
                  within,
                  (from, reached, end) ->
                      printer.terminal().progress(progress(partition, from, reached, end))));
    }
    printer.terminal().progress("");
    VerifyAnswer answer = VerifyAnswer.of(topic, found);
    printer.one(answer, a -> a.text(printer.wide()));
    return answer.equal() ? ExitCode.DONE : ExitCode.NO;
  }

  private String progress(int partition, long from, long reached, long end) {
    long percent = end <= from ? 100 : 100 * (reached - from) / (end - from);
    return "partition "
        + partition
        + ": compared up to offset "
        + Text.count(reached)
        + " of "
        + Text.count(end)
        + " ("
        + percent
        + " %)";
  }
}
