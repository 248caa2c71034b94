package io.flotilla.cli.publish;

import io.flotilla.cli.output.Terminal;
import io.flotilla.cli.output.Text;
import io.flotilla.client.Event;
import io.flotilla.client.Header;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code publish}: hands events to the producer, which holds it back when its buffer is
 * full, and keeps count. Confined to the command's thread; {@link Tally} hears the answers.
 */
final class Publishing {

  private static final long PROGRESS_FIRST_NANOS = 1_000_000_000L;
  private static final long PROGRESS_EVERY_NANOS = 250_000_000L;

  /** What all events have in common. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Defaults(
      String topic, byte @Nullable [] key, List<Header> headers, @Nullable Integer partition) {}

  private final Producer producer;
  private final Defaults defaults;
  private final Terminal terminal;
  private final Tally tally = new Tally();
  private final long started = System.nanoTime();
  private long handedOver;
  private long bytes;
  private long nextProgress = started + PROGRESS_FIRST_NANOS;

  Publishing(Producer producer, Defaults defaults, Terminal terminal) {
    this.producer = producer;
    this.defaults = defaults;
    this.terminal = terminal;
  }

  /** Hands over one event; false when an earlier one failed and there is no point in going on. */
  boolean add(Event event, long line) {
    Event whole = complete(event);
    CompletableFuture<Position> answer =
        defaults.partition() == null
            ? producer.publish(defaults.topic(), whole)
            : producer.publish(defaults.topic(), defaults.partition(), whole);
    var unused =
        answer.whenComplete(
            (position, failure) -> tally.answered(line, position, unwrapped(failure)));
    handedOver++;
    bytes += length(whole.key()) + length(whole.value());
    progress();
    return tally.firstFailure() == null;
  }

  /** Waits until everything is answered. */
  void finish() {
    producer.flush();
    terminal.progress("");
  }

  Tally tally() {
    return tally;
  }

  /**
   * What came of it.
   *
   * @param created the topic was created for it
   */
  PublishAnswer answer(boolean created) {
    long elapsedMs = (System.nanoTime() - started) / 1_000_000;
    Position only = tally.only();
    return new PublishAnswer(
        defaults.topic(),
        tally.acknowledged(),
        tally.partitions(),
        bytes,
        elapsedMs,
        only == null ? null : only.partition(),
        only == null ? null : only.offset(),
        created);
  }

  private Event complete(Event event) {
    if (defaults.headers().isEmpty() && (event.key() != null || defaults.key() == null)) {
      return event;
    }
    Event whole = event.key() != null ? event : withKey(event, defaults.key());
    for (Header header : defaults.headers()) {
      whole = whole.withHeader(header.key(), header.value());
    }
    return whole;
  }

  private static Event withKey(Event event, byte @Nullable [] key) {
    Event keyed = Event.of(key, event.value());
    for (Header header : event.headers()) {
      keyed = keyed.withHeader(header.key(), header.value());
    }
    return event.timestamp() == null ? keyed : keyed.withTimestamp(event.timestamp());
  }

  private void progress() {
    long now = System.nanoTime();
    if (now - nextProgress < 0 || !terminal.errIsLive()) {
      return;
    }
    nextProgress = now + PROGRESS_EVERY_NANOS;
    long perSecond = handedOver * 1_000_000_000L / Math.max(1, now - started);
    terminal.progress(
        "published "
            + Text.count(tally.acknowledged())
            + " of "
            + Text.count(handedOver)
            + " events read, "
            + Text.bytes(bytes)
            + ", "
            + Text.count(perSecond)
            + "/s");
  }

  private static @Nullable Throwable unwrapped(@Nullable Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  static byte @Nullable [] utf8(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }
}
