package io.flotilla.client.internal;

import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.FlotillaClientException.Details;
import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the callers of one partition are to be told. Collected under the lock of the {@link
 * PartitionQueue}, told outside it, because callers do as they like in their callbacks.
 */
final class Outcomes {

  private final String topic;
  private final int partition;
  private final Sender sender;
  private List<Runnable> waiting = new ArrayList<>();

  Outcomes(String topic, int partition, Sender sender) {
    this.topic = topic;
    this.partition = partition;
    this.sender = sender;
  }

  void written(Batch batch, long firstOffset, boolean duplicate) {
    if (duplicate) {
      sender.counters().duplicates.increment();
    }
    sender.counters().acknowledged.add(batch.eventCount());
    finish(
        batch,
        () -> {
          for (int i = 0; i < batch.futures.size(); i++) {
            long offset = firstOffset < 0 ? Position.OFFSET_UNKNOWN : firstOffset + i;
            batch.futures.get(i).complete(new Position(topic, partition, offset, duplicate));
          }
        });
  }

  void failed(Batch batch, FlotillaClientException why) {
    sender.counters().failed.add(batch.eventCount());
    finish(batch, () -> batch.futures.forEach(future -> future.completeExceptionally(why)));
  }

  private void finish(Batch batch, Runnable futures) {
    add(
        () -> {
          sender.budget().give(batch.reservedBytes);
          futures.run();
          batch.done.complete(null);
        });
  }

  void add(Runnable news) {
    waiting.add(news);
  }

  /** What has been collected; the caller runs it without the lock. */
  List<Runnable> take() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Runnable> taken = waiting;
    waiting = new ArrayList<>();
    return taken;
  }

  /** It took too long; {@code last} is what was answered last, if anything. */
  FlotillaClientException timedOut(boolean maybeWritten, @Nullable Refusal last, long timeoutMs) {
    Kind kind =
        maybeWritten
            ? Kind.UNKNOWN
            : last != null && last.unreachable() ? Kind.UNREACHABLE : Kind.RETRY;
    String text = topic + "-" + partition + ": not acknowledged within " + timeoutMs + " ms";
    return last == null
        ? new FlotillaClientException(kind, text, Details.of("DEADLINE_EXCEEDED"), null)
        : last.toException(kind, text + "; the last answer: " + last.message(), List.of());
  }
}
