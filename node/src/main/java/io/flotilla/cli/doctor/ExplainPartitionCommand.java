package io.flotilla.cli.doctor;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Text;
import io.flotilla.client.Admin;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.PartitionDescription;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.doctor.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code flotilla explain partition TOPIC/PARTITION}. */
@Command
@Examples(
    value = {"flotilla explain partition orders/2", "flotilla explain partition orders/2 -o json"},
    seeAlso = {"flotilla topic describe", "flotilla doctor"})
public final class ExplainPartitionCommand extends ClusterAction {

  @Parameters(
      paramLabel = "TOPIC/PARTITION",
      converter = PartitionConverter.class,
      description = "The partition. Exit code 0 when all is well with it, 1 when not.")
  TopicPartition which = new TopicPartition("-", 0);

  @Override
  public Shape shape() {
    return Shape.one(PartitionCase.class);
  }

  @Override
  protected String topic() {
    return which.topic();
  }

  @Override
  protected String intent() {
    return "explain partition " + which.partition() + " of topic \"" + which.topic() + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) {
    Admin admin = client.admin();
    TopicDescription topic = admin.describeTopic(which.topic());
    PartitionDescription partition =
        topic.partitions().stream()
            .filter(each -> each.partition() == which.partition())
            .findFirst()
            .orElseThrow(
                () ->
                    CliException.notFound(
                        "cannot " + intent() + ": the topic has no such partition",
                        "it has " + Text.count(topic.partitionCount(), "partition") + ", from 0 on",
                        "see its partitions: flotilla topic describe " + which.topic()));
    PartitionCase found =
        new PartitionJudge(which, partition, admin.describeCluster(true)).judge(which);
    printer.one(found, answer -> answer.text(printer.wide()));
    return found.result().equals(Verdict.OK.text()) ? ExitCode.DONE : ExitCode.NO;
  }
}
