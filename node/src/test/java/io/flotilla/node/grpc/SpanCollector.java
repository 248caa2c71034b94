package io.flotilla.node.grpc;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A real receiver of OTLP over HTTP; keeps the spans that nodes push. */
final class SpanCollector implements AutoCloseable {

  /**
   * A span, as a node told of it.
   *
   * @param node the node's id
   * @param parent the span it belongs below
   */
  record Told(
      String node,
      String name,
      String trace,
      String span,
      String parent,
      Map<String, String> attributes) {}

  private final List<Told> told = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  SpanCollector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    server.createContext(
        "/v1/traces",
        exchange -> {
          ExportTraceServiceRequest.parseFrom(exchange.getRequestBody())
              .getResourceSpansList()
              .forEach(this::take);
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
  }

  private void take(ResourceSpans spans) {
    String node = attributes(spans.getResource().getAttributesList()).get("service.instance.id");
    spans.getScopeSpansList().stream()
        .flatMap(scope -> scope.getSpansList().stream())
        .forEach(span -> told.add(told(String.valueOf(node), span)));
  }

  private static Told told(String node, Span span) {
    HexFormat hex = HexFormat.of();
    return new Told(
        node,
        span.getName(),
        hex.formatHex(span.getTraceId().toByteArray()),
        hex.formatHex(span.getSpanId().toByteArray()),
        hex.formatHex(span.getParentSpanId().toByteArray()),
        attributes(span.getAttributesList()));
  }

  private static Map<String, String> attributes(List<KeyValue> list) {
    return list.stream()
        .collect(
            Collectors.toMap(
                KeyValue::getKey,
                pair ->
                    pair.getValue().hasStringValue()
                        ? pair.getValue().getStringValue()
                        : String.valueOf(pair.getValue().getIntValue())));
  }

  /** The spans of a trace, once there are so many. */
  List<Told> await(String trace, int count) {
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> of(trace).size() >= count);
    return of(trace);
  }

  List<Told> of(String trace) {
    return told.stream().filter(span -> span.trace().equals(trace)).toList();
  }

  List<Told> all() {
    return List.copyOf(told);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
