package io.flotilla.node.config;

import java.net.URI;
import java.util.List;

/**
 * Whether this node tells of its part in the traces of clients. Keys {@code tracing.*}. That events
 * carry their trace context does not depend on it.
 *
 * @param otlpUrl where spans are pushed, as OTLP over HTTP, such as {@code
 *     http://collector:4318/v1/traces}; empty = nowhere. Headers and attributes are taken from
 *     OpenTelemetry's own {@code OTEL_EXPORTER_OTLP_HEADERS} and {@code OTEL_RESOURCE_ATTRIBUTES}.
 *     Default empty
 */
public record TracingConfig(String otlpUrl) {

  public static TracingConfig defaults() {
    return new TracingConfig("");
  }

  /** Whether spans are pushed at all. */
  public boolean pushes() {
    return !otlpUrl.isEmpty();
  }

  /** All faults at once; empty when there are none. */
  public List<String> validate() {
    return pushes() && !isHttp(otlpUrl)
        ? List.of("tracing.otlp-url must be an http or https address, or empty")
        : List.of();
  }

  /** An address with a host, to which HTTP can be spoken. */
  static boolean isHttp(String text) {
    try {
      URI uri = URI.create(text);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false; // The fault that is told says what it must be.
    }
  }
}
