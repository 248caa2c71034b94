package io.flotilla.cli.search;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Format;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.subscribe.EventWriter;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.ReceivedEvent;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla get TOPIC PARTITION@OFFSET}, or {@code --key K}: one event. */
@Command
@Examples(
    value = {
      "flotilla get orders 0@0",
      "flotilla get orders --key customer-7",
      "flotilla get orders 0@0 -o json"
    },
    seeAlso = {"flotilla search", "flotilla subscribe"})
public final class GetCommand extends ClusterAction {

  @Parameters(index = "0", paramLabel = "TOPIC", description = "The topic.")
  String topic = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PARTITION@OFFSET",
      converter = Place.Converter.class,
      description = "Where the event is, as publish and search say it.")
  @Nullable Place place;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      description =
          "The newest event of this key, in the partition that the key decides. Read backwards:"
              + " the newer the faster.")
  @Nullable String key;

  @Override
  public Shape shape() {
    return Shape.one(EventWriter.shape().type());
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
    return "get an event of \"" + topic + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) {
    if ((place == null) == (key == null)) {
      throw CliException.usage(
          "cannot " + intent(),
          "either PARTITION@OFFSET or --key says which one",
          "flotilla get " + topic + " 0@0, or flotilla get " + topic + " --key K");
    }
    Lookup lookup = new Lookup(client, topic);
    ReceivedEvent event = place == null ? lookup.newest(String.valueOf(key)) : lookup.at(place);
    write(event, printer);
    return ExitCode.DONE;
  }

  private void write(ReceivedEvent event, Printer printer) {
    Format.Kind kind = printer.format().kind();
    if (kind == Format.Kind.TABLE || kind == Format.Kind.WIDE) {
      EventPage.lines(event, utc()).forEach(printer.terminal()::line);
    } else {
      EventWriter.one(printer).write(event);
    }
    printer.terminal().flush();
  }
}
