package io.flotilla.client.tracing;

import io.flotilla.client.Event;
import io.flotilla.client.Header;
import io.flotilla.client.Producer;
import io.flotilla.client.ReceivedEvent;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows events through a trace: {@link #sending} makes a span for each event that is published
 * and gives it the trace context as headers; {@link #processing} makes one below it while the event
 * is handled. Nodes that push spans add theirs. Safe for many threads.
 */
public final class EventTracing {

  private static final TextMapGetter<ReceivedEvent> HEADERS = new Headers();

  private final Tracer tracer;
  private final TextMapPropagator propagator;

  private EventTracing(OpenTelemetry openTelemetry) {
    this.tracer =
        openTelemetry
            .tracerBuilder("io.flotilla.client")
            .setSchemaUrl(SpanNames.SCHEMA_URL)
            .build();
    this.propagator = openTelemetry.getPropagators().getTextMapPropagator();
  }

  /** Spans go to this; its propagators say which headers events are given. */
  public static EventTracing of(OpenTelemetry openTelemetry) {
    return new EventTracing(openTelemetry);
  }

  /** The same producer, with spans; closing either closes both. */
  public Producer sending(Producer producer) {
    return new TracedProducer(this, producer);
  }

  /**
   * The same handler, within a span of the event's trace, which is the current one meanwhile; for
   * {@code Subscriber.forEach} and {@code GroupConsumer.run}.
   */
  public Consumer<ReceivedEvent> processing(Consumer<ReceivedEvent> handler) {
    return event -> process(event, handler);
  }

  private void process(ReceivedEvent event, Consumer<ReceivedEvent> handler) {
    Span span =
        tracer
            .spanBuilder(SpanNames.PROCESS + " " + event.topic())
            .setParent(contextOf(event))
            .setSpanKind(SpanKind.CONSUMER)
            .setAttribute(SpanNames.SYSTEM, SpanNames.SYSTEM_NAME)
            .setAttribute(SpanNames.OPERATION, SpanNames.PROCESS)
            .setAttribute(SpanNames.OPERATION_TYPE, SpanNames.PROCESS)
            .setAttribute(SpanNames.DESTINATION, event.topic())
            .setAttribute(SpanNames.PARTITION, String.valueOf(event.partition()))
            .setAttribute(SpanNames.OFFSET, event.offset())
            .startSpan();
    try (Scope current = span.makeCurrent()) {
      handler.accept(event);
    } catch (RuntimeException | Error e) {
      span.setStatus(StatusCode.ERROR).setAttribute(SpanNames.ERROR, e.getClass().getName());
      throw e;
    } finally {
      span.end();
    }
  }

  /** The context in which the event was published, on top of the current one. */
  public Context contextOf(ReceivedEvent event) {
    return propagator.extract(Context.current(), event, HEADERS);
  }

  Span sendBegins(String topic) {
    return tracer
        .spanBuilder(SpanNames.SEND + " " + topic)
        .setSpanKind(SpanKind.PRODUCER)
        .setAttribute(SpanNames.SYSTEM, SpanNames.SYSTEM_NAME)
        .setAttribute(SpanNames.OPERATION, SpanNames.SEND)
        .setAttribute(SpanNames.OPERATION_TYPE, SpanNames.SEND)
        .setAttribute(SpanNames.DESTINATION, topic)
        .startSpan();
  }

  /** The event with the span's context; one that has been given a context before keeps that. */
  Event carrying(Span span, Event event) {
    List<Header> headers = new ArrayList<>(event.headers());
    propagator.inject(
        Context.current().with(span),
        headers,
        (carrier, key, value) -> {
          if (carrier != null && carrier.stream().noneMatch(h -> h.key().equals(key))) {
            carrier.add(Header.of(key, value));
          }
        });
    return new Event(event.key(), event.value(), headers, event.timestamp());
  }

  /** Reads an event's headers as text. */
  private static final class Headers implements TextMapGetter<ReceivedEvent> {

    @Override
    public Iterable<String> keys(ReceivedEvent event) {
      return event.headers().stream().map(Header::key).toList();
    }

    @Override
    public @Nullable String get(@Nullable ReceivedEvent event, String key) {
      if (event != null) {
        for (Header header : event.headers()) {
          if (header.key().equals(key)) {
            return new String(header.value(), StandardCharsets.US_ASCII);
          }
        }
      }
      return null;
    }
  }
}
