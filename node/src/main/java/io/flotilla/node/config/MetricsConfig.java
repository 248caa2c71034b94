package io.flotilla.node.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What this node tells of itself in numbers, and to whom. Keys {@code metrics.*}. {@code /metrics}
 * itself is there wherever {@code http.port} is set.
 *
 * @param topicsMax topics that have series of their own, those with the most traffic; all others
 *     are summed under {@code topic="_other"}. 0 to 1,000; four series each. Default 200
 * @param groupsMax consumer groups that have series of their own, those that are furthest behind;
 *     all others are summed under {@code group="_other"}. 0 to 1,000; four series each. Default 100
 * @param partitions whether {@code /metrics/partitions} answers: six series for each replica on
 *     this node, which is more than most want to store. Default false
 * @param otlpUrl where numbers are pushed, as OTLP over HTTP, such as {@code
 *     http://collector:4318/v1/metrics}; empty = nowhere. Headers and attributes are taken from
 *     OpenTelemetry's own {@code OTEL_EXPORTER_OTLP_HEADERS} and {@code OTEL_RESOURCE_ATTRIBUTES}.
 *     Default empty
 * @param otlpInterval how often they are pushed, 1 s to 1 h. Default 60 s
 */
public record MetricsConfig(
    int topicsMax, int groupsMax, boolean partitions, String otlpUrl, Duration otlpInterval) {

  private static final int SERIES_MAX = 1_000;

  public static MetricsConfig defaults() {
    return new MetricsConfig(200, 100, false, "", Duration.ofSeconds(60));
  }

  /** Whether numbers are pushed at all. */
  public boolean pushes() {
    return !otlpUrl.isEmpty();
  }

  /** All faults at once; empty when there are none. */
  public List<String> validate() {
    List<String> faults = new ArrayList<>();
    if (topicsMax < 0 || topicsMax > SERIES_MAX) {
      faults.add("metrics.topics-max must be 0 to " + SERIES_MAX);
    }
    if (groupsMax < 0 || groupsMax > SERIES_MAX) {
      faults.add("metrics.groups-max must be 0 to " + SERIES_MAX);
    }
    if (pushes() && !TracingConfig.isHttp(otlpUrl)) {
      faults.add("metrics.otlp-url must be an http or https address, or empty");
    }
    if (otlpInterval.compareTo(Duration.ofSeconds(1)) < 0
        || otlpInterval.compareTo(Duration.ofHours(1)) > 0) {
      faults.add("metrics.otlp-interval must be 1s to 1h");
    }
    return faults;
  }
}
