package io.flotilla.cli.bench;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Table;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla bench subscribe}: reads back what a topic holds. */
@Command
@Examples(
    value = {"flotilla bench subscribe", "flotilla bench subscribe --readers 3 --rounds 5 -o json"},
    seeAlso = {"flotilla bench publish", "flotilla bench end-to-end"})
public final class BenchSubscribeCommand extends ClusterAction {

  private static final int READERS_MAX = 1_000;
  private static final int ROUNDS_MAX = 1_000;
  private static final Duration POLL = Duration.ofSeconds(1);

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "The topic, which bench publish has filled. Default: bench.")
  String topic = "bench";

  @Option(
      names = "--readers",
      paramLabel = "N",
      description = "Readers at once, each of which reads everything. Default: 1.")
  int readers = 1;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often; the first round pays for warming up. Default: 3.")
  int rounds = 3;

  @Override
  public Shape shape() {
    return Shape.listOf(ReadRound.class);
  }

  @Override
  protected String topic() {
    return topic;
  }

  @Override
  protected String intent() {
    return "measure reading \"" + topic + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) {
    if (readers < 1 || readers > READERS_MAX || rounds < 1 || rounds > ROUNDS_MAX) {
      throw CliException.usage(
          "cannot measure with these numbers",
          "--readers and --rounds are 1 to " + READERS_MAX,
          "use for example --readers 3 --rounds 5");
    }
    client.admin().describeTopic(topic);
    Processes nodes = Processes.nodes(client);
    List<ReadRound> all = new ArrayList<>();
    for (int i = 1; i <= rounds; i++) {
      printer.terminal().progress("round " + i + " of " + rounds);
      all.add(round(client, i, nodes));
    }
    printer.terminal().progress("");
    printer.list(all, table(), "nothing was measured");
    return ExitCode.DONE;
  }

  private ReadRound round(FlotillaClient client, int number, @Nullable Processes nodes) {
    Processes self = Processes.self();
    double nodesBefore = nodes == null ? 0 : nodes.cpuSeconds();
    double selfBefore = self == null ? 0 : self.cpuSeconds();
    LongAdder events = new LongAdder();
    LongAdder bytes = new LongAdder();
    long begun = System.nanoTime();
    ExecutorService threads = Executors.newFixedThreadPool(readers);
    try {
      List<CompletableFuture<Void>> reading = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        reading.add(CompletableFuture.runAsync(() -> read(client, events, bytes), threads));
      }
      CompletableFuture.allOf(reading.toArray(CompletableFuture<?>[]::new)).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } finally {
      threads.shutdownNow();
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    return new ReadRound(
        number,
        readers,
        events.sum(),
        bytes.sum(),
        seconds,
        events.sum() / seconds,
        bytes.sum() / 1e6 / seconds,
        nodes == null ? null : nodes.cost(nodesBefore, seconds, bytes.sum()),
        self == null ? null : self.cost(selfBefore, seconds, bytes.sum()));
  }

  private void read(FlotillaClient client, LongAdder events, LongAdder bytes) {
    SubscribeOptions options =
        SubscribeOptions.builder()
            .topic(topic)
            .from(StartPosition.earliest())
            .untilEnd(true)
            .build();
    try (Subscriber subscriber = client.subscribe(options)) {
      while (!subscriber.atEnd()) {
        List<ReceivedEvent> some = subscriber.poll(POLL);
        events.add(some.size());
        for (ReceivedEvent event : some) {
          byte[] value = event.value();
          bytes.add(value == null ? 0 : value.length);
        }
      }
    }
  }

  private static Table<ReadRound> table() {
    return new Table<ReadRound>()
        .number("ROUND", r -> (long) r.round())
        .number("EVENTS", ReadRound::events)
        .number("SECONDS", r -> decimal(r.seconds()))
        .number("EVENTS/S", r -> Math.round(r.eventsPerSecond()))
        .number("MB/S", r -> decimal(r.mbPerSecond()))
        .number("NODES CPU-S/GB", r -> perGb(r.nodes()))
        .number("CLIENT CPU-S/GB", r -> perGb(r.client()));
  }

  private static String perGb(@Nullable Cost cost) {
    return cost == null ? "-" : decimal(cost.cpuSecondsPerGb());
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }
}
