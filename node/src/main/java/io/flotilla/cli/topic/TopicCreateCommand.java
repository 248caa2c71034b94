package io.flotilla.cli.topic;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Text;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.client.TopicDescription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla topic create NAME}. */
@Command
@Examples(
    value = {
      "flotilla topic create orders",
      "flotilla topic create orders --partitions 6 --replicas 3",
      "flotilla topic create orders --set retention.time=7d --set retention.bytes=1GiB"
    },
    seeAlso = {"flotilla topic describe", "flotilla publish"})
final class TopicCreateCommand extends ClusterAction {

  /** The answer. */
  @Doc("The topic, as created.")
  record Answer(
      @Doc("Its name.") String name,
      @Doc("Its id; null when it was only validated.") @Nullable Long topicId,
      @Doc("How many partitions.") int partitions,
      @Doc("How many replicas each has.") int replicas,
      @Doc("False when it was only validated.") boolean created,
      @Doc("Every partition has a leader.") boolean ready) {}

  @Parameters(
      paramLabel = "NAME",
      description = "Letters, digits, '.', '_', '-'; at most 200 characters.")
  String name = "";

  @Option(names = "--partitions", paramLabel = "N", description = "1 to 5,000. Default: 1.")
  int partitions;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      description = "1 to 7, not more than nodes. Default: 3, or the number of nodes if smaller.")
  int replicas;

  @Option(names = "--set", paramLabel = "K=V", description = SettingText.FORMS)
  Map<String, String> set = new LinkedHashMap<>();

  @Option(names = "--validate-only", description = "Checks everything, creates nothing.")
  boolean validateOnly;

  @Override
  public Shape shape() {
    return Shape.one(Answer.class);
  }

  @Override
  protected String topic() {
    return name;
  }

  @Override
  protected String intent() {
    return "create topic \"" + name + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) {
    NewTopic wanted =
        NewTopic.of(name, partitions)
            .withReplicationFactor(replicas)
            .withSettings(SettingText.settings(set))
            .withValidateOnly(validateOnly);
    TopicDescription topic = client.admin().createTopic(wanted);
    printer.one(
        new Answer(
            topic.name(),
            validateOnly ? null : topic.topicId(),
            topic.partitionCount(),
            topic.replicationFactor(),
            !validateOnly,
            topic.ready()),
        TopicCreateCommand::text);
    return ExitCode.DONE;
  }

  private static List<String> text(Answer topic) {
    String size =
        Text.count(topic.partitions(), "partition")
            + ", "
            + Text.count(topic.replicas(), "replica");
    if (!topic.created()) {
      return List.of("topic " + topic.name() + " could be created: " + size + ". Nothing changed.");
    }
    String next =
        topic.ready()
            ? "Next: flotilla publish " + topic.name()
            : "Some partitions have no leader yet. Next: flotilla topic describe " + topic.name();
    return List.of("created topic " + topic.name() + ": " + size + ". " + next);
  }
}
