package io.flotilla.cli.topic;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.TopicChange;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicSettings;
import io.flotilla.client.TopicSettings.Name;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla topic alter NAME}: shows what changes, and changes it. */
@Command
@Examples(
    value = {
      "flotilla topic alter orders --set retention.time=7d --set retention.bytes=1GiB",
      "flotilla topic alter orders --reset retention.bytes",
      "flotilla topic alter orders --set retention.time=unlimited --dry-run"
    },
    seeAlso = {"flotilla topic describe", "flotilla topic trim"})
final class TopicAlterCommand extends ClusterAction {

  /** The answer. */
  @Doc("What changed, or would.")
  record Answer(
      @Doc("The topic's name.") String name,
      @Doc("Its id.") long topicId,
      @Doc("What differs now; nothing when it was so already.") List<Change> changes,
      @Doc("False with --dry-run.") boolean altered) {}

  /** One setting that differs. */
  @Doc("A setting that differs.")
  record Change(
      @Doc("Its name.") String name,
      @Doc("The value that was in force.") String before,
      @Doc("Who said so: topic or default.") String sourceBefore,
      @Doc("The value that is in force.") String after,
      @Doc("Who says so: topic or default.") String sourceAfter) {}

  @Parameters(paramLabel = "NAME", description = "The topic.")
  String name = "";

  @Option(names = "--set", paramLabel = "K=V", description = SettingText.FORMS)
  Map<String, String> set = new LinkedHashMap<>();

  @Option(
      names = "--reset",
      paramLabel = "K",
      description = "Back to the cluster's default. Repeatable.")
  List<String> reset = new ArrayList<>();

  @Option(names = "--dry-run", description = "Shows what would change; then exits with 3.")
  boolean dryRun;

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
    return "alter topic \"" + name + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) {
    if (set.isEmpty() && reset.isEmpty()) {
      throw CliException.usage(
          "cannot alter topic \"" + name + "\"",
          "nothing is to be changed",
          "flotilla topic alter " + name + " --set retention.time=7d");
    }
    TopicChange change =
        TopicChange.of(name, SettingText.settings(set))
            .withReset(SettingText.names(reset))
            .withValidateOnly(dryRun);
    TopicDescription before = client.admin().describeTopic(name);
    TopicDescription after = client.admin().alterTopic(change);
    List<Change> changes = changes(before, after);
    printer.one(new Answer(name, before.topicId(), changes, !dryRun), TopicAlterCommand::text);
    return dryRun && !changes.isEmpty() ? ExitCode.WOULD_CHANGE : ExitCode.DONE;
  }

  private static List<Change> changes(TopicDescription before, TopicDescription after) {
    List<Change> changes = new ArrayList<>();
    for (Name setting : Name.values()) {
      Change change =
          new Change(
              SettingText.name(setting),
              SettingText.value(before.settings(), setting),
              source(before.ownSettings(), setting),
              SettingText.value(after.settings(), setting),
              source(after.ownSettings(), setting));
      if (!change.before().equals(change.after())
          || !change.sourceBefore().equals(change.sourceAfter())) {
        changes.add(change);
      }
    }
    return changes;
  }

  private static String source(TopicSettings own, Name setting) {
    return SettingText.source(own, setting);
  }

  private static List<String> text(Answer answer) {
    if (answer.changes().isEmpty()) {
      return List.of("topic " + answer.name() + " has these settings already. Nothing changed.");
    }
    List<String> lines = new ArrayList<>();
    for (Change change : answer.changes()) {
      lines.add(
          change.name()
              + ": "
              + change.before()
              + " ("
              + change.sourceBefore()
              + ") -> "
              + change.after()
              + " ("
              + change.sourceAfter()
              + ")");
    }
    lines.add(
        answer.altered()
            ? "altered topic " + answer.name() + ". Next: flotilla topic describe " + answer.name()
            : "would alter topic " + answer.name() + ". Nothing changed.");
    return lines;
  }
}
