package io.flotilla.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.metrics.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docker/monitoring/METRICS.md} is made from what the code declares. When it differs this
 * test fails; {@code -Dflotilla.write-reference=true} writes it anew.
 */
class MetricsReferenceTest {

  private static final Path FILE = Path.of("../docker/monitoring/METRICS.md");

  private static final String HEAD =
      """
      # Metrics

      Made from the code: do not edit. To write it anew:
      `mvn -pl node -am test -Dtest=MetricsReferenceTest -Dflotilla.write-reference=true \
      -Dsurefire.failIfNoSpecifiedTests=false`

      A node tells them at `http.port`, path `/metrics`, as Prometheus' text, and pushes them as
      OTLP where `metrics.otlp-url` says so (names with dots then). Every series has a label `node`,
      the node's id. A histogram `x` is `x_bucket` with a label `le`, `x_sum`, `x_count`, and the
      largest value of late, `x_max`. Topics beyond `metrics.topics-max` and consumer groups beyond
      `metrics.groups-max` are summed under `_other`; nothing here grows with partitions.

      """;

  private static final String TAIL =
      """

      ## JVM and process

      As Micrometer names them, `jvm_*`, `process_*`, `system_*`; those that matter most:
      `process_cpu_usage` (1 = all processors), `jvm_gc_pause_seconds` (once there was one),
      `jvm_memory_used_bytes` by `area` and `id`, `jvm_buffer_memory_used_bytes` by `id`,
      `jvm_threads_live_threads`, `process_files_open_files`.

      ## Each partition

      At `/metrics/partitions`, where `metrics.partitions` is true, six series for each replica on
      the node; `?topic=NAME` tells one topic alone.

      """;

  @Test
  void theReferenceSaysWhatTheCodeSays() throws IOException {
    String wanted = HEAD + table(Observatory.METRICS) + TAIL + table(Observatory.PARTITION_METRICS);
    if (Boolean.getBoolean("flotilla.write-reference")) {
      Files.writeString(FILE, wanted);
    }
    assertThat(Files.readString(FILE)).isEqualTo(wanted);
  }

  @Test
  void eachMetricIsDeclaredOnce() {
    assertThat(
            Stream.concat(Observatory.METRICS.stream(), Observatory.PARTITION_METRICS.stream())
                .map(Metric::name))
        .doesNotHaveDuplicates();
    assertThat(Observatory.METRICS)
        .allSatisfy(
            metric -> {
              assertThat(metric.help()).as(metric.name()).endsWith(".").doesNotContain("|");
              assertThat(metric.labels()).isSubsetOf("topic", "group", "rpc", "reason");
              assertThat(metric.bounds()).hasSizeLessThanOrEqualTo(12).isSorted();
            });
    assertThat(Observatory.PARTITION_METRICS).hasSize(6);
  }

  private static String table(List<Metric> metrics) {
    return "| Name | Kind | Unit | Labels | Meaning |\n|---|---|---|---|---|\n"
        + metrics.stream().map(MetricsReferenceTest::row).collect(Collectors.joining());
  }

  private static String row(Metric metric) {
    String kind =
        switch (metric.kind()) {
          case COUNTER, GAUGE -> metric.kind().name().toLowerCase(Locale.ROOT);
          case SECONDS, COUNTS -> "histogram";
        };
    return "| `%s` | %s | %s | %s | %s |\n"
        .formatted(
            metric.name(), kind, unit(metric), String.join(", ", metric.labels()), metric.help());
  }

  private static String unit(Metric metric) {
    String name = metric.name().replaceAll("_total$", "");
    return Stream.of("seconds", "bytes")
        .filter(name::endsWith)
        .findFirst()
        .orElse(metric.name().equals("flotilla_disk_full") ? "0 or 1" : "number");
  }
}
