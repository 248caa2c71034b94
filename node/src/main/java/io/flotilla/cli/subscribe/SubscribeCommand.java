package io.flotilla.cli.subscribe;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.command.PositionConverter;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.BrokenPipeException;
import io.flotilla.cli.output.Format;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupOptions;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla subscribe TOPIC…}: alone, or with {@code --group} as a member of a group. */
@Command
@Examples(
    value = {
      "flotilla subscribe orders",
      "flotilla subscribe orders --from earliest --until-end -o ndjson",
      "flotilla subscribe orders 'audit.*' --group billing -o '{{topic}} {{key}} {{value}}'"
    },
    seeAlso = {"flotilla publish", "flotilla topic describe", "flotilla group describe"})
public final class SubscribeCommand extends ClusterAction {

  private static final Duration POLL = Duration.ofSeconds(1);

  @Parameters(
      paramLabel = "TOPIC",
      arity = "1..*",
      description =
          "The topic; with --group also several, and patterns in which * stands for anything.")
  List<String> topics = List.of();

  @ArgGroup(validate = false, heading = "%nConsumer group:%n", order = 80)
  GroupFlags member = new GroupFlags();

  @Option(
      names = "--partition",
      paramLabel = "P",
      split = ",",
      description = "Only this partition; may be repeated. Default: all.")
  List<Integer> partitions = List.of();

  @Option(
      names = "--from",
      paramLabel = "POSITION",
      converter = PositionConverter.class,
      description =
          "Where to begin: "
              + PositionConverter.FORMS
              + ". Default: latest. With --group: where the group has committed nothing yet.")
  StartPosition from = StartPosition.latest();

  @Option(
      names = {"-n", "--max"},
      paramLabel = "N",
      description = "Ends after this many events.")
  long max = NO_MAX;

  @Option(names = "--until-end", description = "Ends at the events that are stored now.")
  boolean untilEnd;

  private static final long NO_MAX = -1;

  @Override
  public Shape shape() {
    return EventWriter.shape();
  }

  @Override
  protected Format defaultFormat() {
    return new Format(Format.Kind.VALUE, "");
  }

  @Override
  protected boolean givesEvents() {
    return true;
  }

  @Override
  protected String topic() {
    return topics.size() == 1 ? topics.get(0) : "";
  }

  @Override
  protected String group() {
    return member.group;
  }

  @Override
  protected String intent() {
    return "subscribe to \"" + String.join(" ", topics) + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) {
    check();
    if (member.group.isEmpty()) {
      alone(client, printer);
    } else {
      asMember(client, printer);
    }
    return ExitCode.DONE;
  }

  private void asMember(FlotillaClient client, Printer printer) {
    EventWriter writer = EventWriter.of(printer, utc(), true);
    GroupOptions.Builder options = groupOptions();
    var unused = client.admin().describeCluster(false); // Fails early when nobody is there.
    new GroupReading(writer, printer.terminal(), max == NO_MAX ? Long.MAX_VALUE : max, member.quiet)
        .run(client, options);
  }

  private void alone(FlotillaClient client, Printer printer) {
    EventWriter writer = EventWriter.of(printer, utc(), false);
    SubscribeOptions options = options();
    String topic = topics.get(0);
    client.admin().describeTopic(topic); // Fails early, and within --timeout, when it cannot work.
    try (Subscriber subscriber = client.subscribe(options)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(subscriber, printer), "leave"));
      if (printer.terminal().outIsTerminal() && !untilEnd && max == NO_MAX) {
        printer.terminal().note("following \"" + topic + "\"; Ctrl-C ends");
      }
      writer.begin();
      while (!subscriber.atEnd()) {
        for (ReceivedEvent event : subscriber.poll(POLL)) {
          writer.write(event);
        }
        printer.terminal().flush();
      }
      writer.end();
      printer.terminal().flush();
    }
  }

  /** Ctrl-C: what was received is shown, the cluster is told, and the exit code is 130. */
  private static void leave(Subscriber subscriber, Printer printer) {
    try {
      printer.terminal().flush();
    } catch (BrokenPipeException readerHasEnough) {
      return; // Nobody reads, so nothing is lost.
    } finally {
      subscriber.close();
    }
  }

  private void check() {
    if (max != NO_MAX && max < 1) {
      throw usage("--max is at least 1, found " + max, "leave it out for no limit");
    }
    if (member.group.isEmpty() && !member.none()) {
      throw usage("--instance-id and --quiet are about a group", "name it: --group NAME");
    }
    if (member.group.isEmpty() && (topics.size() > 1 || topics.get(0).contains("*"))) {
      throw usage(
          "without a group one topic is read, by its name",
          "read several as a consumer group: --group NAME");
    }
    if (!member.group.isEmpty() && (untilEnd || !partitions.isEmpty())) {
      throw usage(
          "--partition and --until-end do not go with --group, which says what is read",
          "leave them out, or read without --group");
    }
  }

  private GroupOptions.Builder groupOptions() {
    GroupOptions.Builder options =
        GroupOptions.builder()
            .group(member.group)
            .topics(topics)
            .from(from)
            .instanceId(member.instanceId)
            .clientId("flotilla-cli");
    try {
      var unused = options.build();
      return options;
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()), "flotilla subscribe --help");
    }
  }

  private SubscribeOptions options() {
    try {
      return SubscribeOptions.builder()
          .topic(topics.get(0))
          .partitions(partitions)
          .from(from)
          .maxEvents(max == NO_MAX ? 0 : max)
          .untilEnd(untilEnd)
          .build();
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()), "flotilla subscribe --help");
    }
  }

  private CliException usage(String because, String remedy) {
    return CliException.usage("cannot " + intent(), because, remedy);
  }
}
