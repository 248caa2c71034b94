package io.flotilla.client.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Header;
import io.flotilla.client.Producer;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import io.flotilla.client.toy.ToyCluster;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An event is followed from who publishes it to who processes it. */
@Timeout(60)
class EventTracingTest {

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final OpenTelemetry openTelemetry =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(spans))
                  .build())
          .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
          .build();
  private final EventTracing tracing = EventTracing.of(openTelemetry);
  private final ToyCluster cluster = new ToyCluster(1);
  private final FlotillaClient client = FlotillaClient.connect(cluster.servers());

  @BeforeEach
  void topic() {
    cluster.create("t", 1);
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  private void read(Consumer<ReceivedEvent> handler) {
    SubscribeOptions options =
        SubscribeOptions.builder().topic("t").from(StartPosition.earliest()).untilEnd(true).build();
    try (Subscriber subscriber = client.subscribe(options)) {
      subscriber.forEach(handler);
    }
  }

  @Test
  void whatIsProcessedBelongsBelowWhatWasSent() {
    try (Producer producer = tracing.sending(client.producer())) {
      producer.publish("t", Event.of("a", "1")).join();
    }
    List<String> current = new ArrayList<>();
    read(tracing.processing(event -> current.add(Span.current().getSpanContext().getSpanId())));

    List<SpanData> told = spans.getFinishedSpanItems();
    assertThat(told).extracting(SpanData::getName).containsExactly("send t", "process t");
    SpanData sent = told.get(0);
    SpanData processed = told.get(1);
    assertThat(sent.getKind()).isEqualTo(SpanKind.PRODUCER);
    assertThat(sent.getAttributes().asMap())
        .containsEntry(SpanNames.SYSTEM, "flotilla")
        .containsEntry(SpanNames.DESTINATION, "t")
        .containsEntry(SpanNames.PARTITION, "0")
        .containsEntry(SpanNames.OFFSET, 0L);
    assertThat(processed.getTraceId()).isEqualTo(sent.getTraceId());
    assertThat(processed.getParentSpanId()).isEqualTo(sent.getSpanId());
    assertThat(current).containsExactly(processed.getSpanId());
  }

  @Test
  void anEventsOwnContextIsKept() {
    Header own =
        Header.of("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    try (Producer producer = tracing.sending(client.producer())) {
      producer.publish("t", 0, Event.of("1").withHeader(own.key(), own.value())).join();
    }
    List<Header> headers = new ArrayList<>();
    read(event -> headers.addAll(event.headers()));
    assertThat(headers).containsExactly(own);
  }

  @Test
  void failuresAreTold() {
    try (Producer producer = tracing.sending(client.producer())) {
      assertThatThrownBy(() -> producer.publish("t", 7, Event.of("1")).join()).isNotNull();
      producer.publish("t", Event.of("1")).join();
    }
    RuntimeException failure = new IllegalStateException("no");
    assertThatThrownBy(
            () ->
                read(
                    tracing.processing(
                        event -> {
                          throw failure;
                        })))
        .isSameAs(failure);
    assertThat(spans.getFinishedSpanItems())
        .extracting(span -> span.getAttributes().get(SpanNames.ERROR))
        .containsExactly("INVALID_ARGUMENT", null, "java.lang.IllegalStateException");
  }
}
