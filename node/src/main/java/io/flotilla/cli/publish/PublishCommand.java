package io.flotilla.cli.publish;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.DurationConverter;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Text;
import io.flotilla.client.Compression;
import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.Header;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla publish TOPIC [FILE]}. */
@Command
@Examples(
    value = {
      "echo 'Bruno started following you.' | flotilla publish notifications --key 1",
      "flotilla publish notifications --key 1 --value 'Chloé liked your photo.'",
      "flotilla publish notifications events.ndjson.zst --format ndjson --compression zstd"
    },
    seeAlso = {"flotilla subscribe", "flotilla topic create"})
public final class PublishCommand extends ClusterAction {

  /**
   * Long enough for a cluster that elects leaders again and again, where --timeout says nothing; no
   * event waits longer.
   */
  private static final Duration DELIVERY_TIMEOUT = Duration.ofMinutes(2);

  /** How lines become events. */
  enum LineKind {
    LINES,
    NDJSON
  }

  @Parameters(index = "0", paramLabel = "TOPIC", description = "The topic.")
  String topic = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "What to publish; - is standard input, .zst is unpacked. Default: -")
  String file = Input.STANDARD;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "lines: each line is a value. ndjson: each line is {\"key\", \"value\", \"headers\","
              + " \"timestamp\"}; a value that is a string is stored as its text, other JSON as"
              + " compact JSON, null as a tombstone; a timestamp is RFC 3339 or milliseconds."
              + " Default: lines.")
  LineKind format = LineKind.LINES;

  @Option(
      names = "--value",
      paramLabel = "TEXT",
      description =
          "Publishes this one event. @FILE: its bytes are the value; -: all of standard input;"
              + " @@TEXT: a text that begins with @.")
  @Nullable String value;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      description = "The key of events that bring none; equal keys keep their order.")
  @Nullable String key;

  @Option(
      names = {"-H", "--header"},
      paramLabel = "K:V",
      converter = HeaderConverter.class,
      description = "A header of every event; may be repeated.")
  List<Header> headers = List.of();

  @Option(
      names = "--partition",
      paramLabel = "P",
      description = "Publishes to this partition. Default: decided by the key.")
  @Nullable Integer partition;

  @Option(
      names = "--compression",
      paramLabel = "KIND",
      description = "none, zstd or lz4. Default: none.")
  Compression compression = Compression.NONE;

  @Option(
      names = "--linger",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long a batch waits for company, such as 5ms. Default: 0ms.")
  Duration linger = Duration.ZERO;

  @Option(
      names = "--producer",
      paramLabel = "NAME",
      description = "A lasting name; opening it again fences whoever holds it.")
  @Nullable String producerName;

  /** Filled when some events failed: part of the error's first line. */
  private String counts = "";

  @Override
  public Shape shape() {
    return Shape.one(PublishAnswer.class);
  }

  @Override
  protected String topic() {
    return topic;
  }

  @Override
  protected String intent() {
    return "publish to \"" + topic + "\"" + counts;
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) throws IOException {
    if (value != null && !file.equals(Input.STANDARD)) {
      throw CliException.usage(
          "cannot publish both --value and \"" + file + "\"",
          "--value is the only event of the call",
          "leave one of them out");
    }
    boolean created = TopicCheck.demand(client.admin(), topic, printer.terminal());
    try (Producer producer = client.producer(options())) {
      Publishing publishing =
          new Publishing(
              producer,
              new Publishing.Defaults(topic, Publishing.utf8(key), headers, partition),
              printer.terminal());
      if (value != null) {
        byte[] bytes = OneValue.of(value, printer.terminal().in());
        publishing.add(Event.of(null, bytes), 1);
      } else {
        try (InputStream in = Input.open(file, printer.terminal())) {
          stream(in, publishing);
        }
      }
      publishing.finish();
      failOn(publishing.tally());
      printer.one(publishing.answer(created), PublishAnswer::text);
      return ExitCode.DONE;
    }
  }

  private ProducerOptions options() {
    Duration patience = timeoutOr(DELIVERY_TIMEOUT);
    return ProducerOptions.builder()
        .name(producerName)
        .linger(linger)
        .compression(compression)
        .deliveryTimeout(patience)
        .maxBlock(patience)
        .build();
  }

  private void stream(InputStream in, Publishing publishing) throws IOException {
    ByteLines lines = new ByteLines(in);
    LineFormat lineFormat = format == LineKind.NDJSON ? new NdjsonFormat() : LineFormat.lines();
    try {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        if (!publishing.add(lineFormat.parse(line), lines.line())) {
          return;
        }
      }
    } catch (BadLineException e) {
      publishing.finish();
      failOn(publishing.tally());
      throw badLine(lines.line(), e, publishing.tally());
    } catch (IOException e) {
      publishing.finish();
      throw CliException.local(
          "cannot publish \"" + file + "\": it cannot be read on after line " + lines.line(),
          e.getMessage() == null ? e.toString() : e.getMessage(),
          Text.count(publishing.tally().acknowledged(), "event") + " before that are published");
    }
  }

  private CliException badLine(long line, BadLineException e, Tally tally) {
    boolean standard = file.equals(Input.STANDARD);
    String name = standard ? "standard input" : file;
    String rest = standard || file.endsWith(".zst") ? "" : ": tail -n +" + line + " " + name;
    return CliException.usage(
        "cannot publish line " + line + " of " + name + ": " + e.getMessage(),
        "each line is one event; before it "
            + Text.count(tally.acknowledged(), "event")
            + (tally.acknowledged() == 1 ? " was" : " were")
            + " published, after it nothing",
        "correct the line and publish from there on" + rest);
  }

  /** Says how far it came, and why it ended. */
  private void failOn(Tally tally) {
    Tally.FirstFailure first = tally.firstFailure();
    if (first == null) {
      return;
    }
    boolean several = tally.acknowledged() + tally.failed() > 1;
    counts = several ? counts(tally, first) : "";
    if (first.cause() instanceof FlotillaClientException failure) {
      throw failure;
    }
    throw CliException.usage(
        "cannot " + intent() + ": " + first.cause().getMessage(),
        "the event is not one that a cluster accepts",
        "correct it and publish from there on");
  }

  private static String counts(Tally tally, Tally.FirstFailure first) {
    return String.format(
        " (%s acknowledged, %s not, from line %d on)",
        Text.count(tally.acknowledged()), Text.count(tally.failed()), first.line());
  }
}
