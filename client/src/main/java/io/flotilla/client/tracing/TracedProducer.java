package io.flotilla.client.tracing;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerStats;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A producer each of whose events has a span until it is answered. Safe for many threads. */
final class TracedProducer implements Producer {

  private final EventTracing tracing;
  private final Producer producer;

  TracedProducer(EventTracing tracing, Producer producer) {
    this.tracing = tracing;
    this.producer = producer;
  }

  @Override
  public CompletableFuture<Position> publish(String topic, Event event) {
    return traced(topic, event, carrying -> producer.publish(topic, carrying));
  }

  @Override
  public CompletableFuture<Position> publish(String topic, int partition, Event event) {
    return traced(topic, event, carrying -> producer.publish(topic, partition, carrying));
  }

  private CompletableFuture<Position> traced(
      String topic, Event event, Function<Event, CompletableFuture<Position>> publish) {
    Span span = tracing.sendBegins(topic);
    try {
      return publish
          .apply(tracing.carrying(span, event))
          .whenComplete((position, thrown) -> end(span, position, thrown));
    } catch (RuntimeException e) {
      end(span, null, e);
      throw e;
    }
  }

  private static void end(Span span, @Nullable Position position, @Nullable Throwable thrown) {
    if (position != null) {
      span.setAttribute(SpanNames.PARTITION, String.valueOf(position.partition()));
      span.setAttribute(SpanNames.OFFSET, position.offset());
    } else if (thrown != null) {
      span.setStatus(StatusCode.ERROR).setAttribute(SpanNames.ERROR, error(thrown));
    }
    span.end();
  }

  private static String error(Throwable thrown) {
    return thrown instanceof FlotillaClientException refused
        ? refused.code()
        : thrown.getClass().getName();
  }

  @Override
  public void flush() {
    producer.flush();
  }

  @Override
  public ProducerStats stats() {
    return producer.stats();
  }

  @Override
  public void close() {
    producer.close();
  }
}
