package io.flotilla.node.trace;

import io.flotilla.node.config.TracingConfig;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Spans to a collector, as OTLP over HTTP, on the library's own threads: gathered for a second, at
 * most {@link #QUEUE_MAX} of them; more, as when the collector does not answer, are dropped.
 */
final class OtlpTraces implements Traces {

  static final int QUEUE_MAX = 4096;

  private static final Duration GATHER = Duration.ofSeconds(1);
  private static final Duration EXPORT_MAX = Duration.ofSeconds(10);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(1);
  private static final String SAMPLED = "01";

  private final SdkTracerProvider provider;
  private final Tracer tracer;

  OtlpTraces(TracingConfig config, int node, String version) {
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(config.otlpUrl()).setTimeout(EXPORT_MAX);
    pairs("OTEL_EXPORTER_OTLP_HEADERS").forEach(exporter::addHeader);
    provider =
        SdkTracerProvider.builder()
            .setResource(resource(node, version))
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter.build())
                    .setScheduleDelay(GATHER)
                    .setMaxQueueSize(QUEUE_MAX)
                    .build())
            .build();
    tracer =
        provider
            .tracerBuilder("io.flotilla.node")
            .setInstrumentationVersion(version)
            .setSchemaUrl(SpanNames.SCHEMA_URL)
            .build();
  }

  private static Resource resource(int node, String version) {
    AttributesBuilder attributes =
        Attributes.builder()
            .put("service.name", SpanNames.SYSTEM_NAME)
            .put("service.version", version)
            .put("service.instance.id", String.valueOf(node));
    pairs("OTEL_RESOURCE_ATTRIBUTES").forEach(attributes::put);
    return Resource.create(attributes.build());
  }

  /** As OpenTelemetry writes them in the environment: {@code name=value,name=value}, %-encoded. */
  private static Map<String, String> pairs(String variable) {
    Map<String, String> pairs = new LinkedHashMap<>();
    String text = System.getenv(variable);
    for (String pair : text == null ? new String[0] : text.split(",")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        pairs.put(
            pair.substring(0, equals).strip(),
            URLDecoder.decode(pair.substring(equals + 1).strip(), StandardCharsets.UTF_8));
      }
    }
    return pairs;
  }

  @Override
  public boolean on() {
    return true;
  }

  @Override
  public TraceSpan publish(@Nullable TraceContext parent, String topic, int events) {
    if (parent == null || !parent.sampled()) {
      return TraceSpan.NONE;
    }
    return new Running(
        begin(SpanNames.PUBLISH, SpanKind.SERVER, parent, topic)
            .setAttribute(SpanNames.BATCH_COUNT, (long) events));
  }

  @Override
  public TraceSpan append(TraceSpan publish, String topic, int partition, int events) {
    TraceContext parent = publish.context();
    if (parent == null) {
      return TraceSpan.NONE;
    }
    return new Running(
        begin(SpanNames.APPEND, SpanKind.INTERNAL, parent, topic)
            .setAttribute(SpanNames.PARTITION, String.valueOf(partition))
            .setAttribute(SpanNames.BATCH_COUNT, (long) events));
  }

  @Override
  public void delivered(
      TraceContext parent, String topic, int partition, long offset, String group) {
    if (!parent.sampled()) {
      return;
    }
    Span span =
        begin(SpanNames.DELIVER, SpanKind.INTERNAL, parent, topic)
            .setAttribute(SpanNames.PARTITION, String.valueOf(partition))
            .setAttribute(SpanNames.OFFSET, offset);
    if (!group.isEmpty()) {
      span.setAttribute(SpanNames.GROUP, group);
    }
    span.end();
  }

  private Span begin(String operation, SpanKind kind, TraceContext parent, String topic) {
    SpanContext remote =
        SpanContext.createFromRemoteParent(
            parent.traceId(), parent.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
    return tracer
        .spanBuilder(operation + " " + topic)
        .setSpanKind(kind)
        .setParent(Context.root().with(Span.wrap(remote)))
        .setAttribute(SpanNames.SYSTEM, SpanNames.SYSTEM_NAME)
        .setAttribute(SpanNames.OPERATION, operation)
        .setAttribute(SpanNames.DESTINATION, topic)
        .startSpan();
  }

  /** What has ended goes out, if the collector takes it within a second. */
  @Override
  public void close() {
    provider.shutdown().join(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
  }

  private record Running(Span span) implements TraceSpan {

    @Override
    public boolean recorded() {
      return true;
    }

    @Override
    public TraceContext context() {
      SpanContext own = span.getSpanContext();
      String header = "00-" + own.getTraceId() + "-" + own.getSpanId() + "-" + SAMPLED;
      return new TraceContext(own.getTraceId(), own.getSpanId(), true, header, "");
    }

    @Override
    public void end(long offset) {
      if (offset >= 0) {
        span.setAttribute(SpanNames.OFFSET, offset);
      }
      span.end();
    }

    @Override
    public void fail(String reason) {
      span.setStatus(StatusCode.ERROR).setAttribute(SpanNames.ERROR, reason).end();
    }
  }
}
