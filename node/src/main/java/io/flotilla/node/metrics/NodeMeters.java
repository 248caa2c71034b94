package io.flotilla.node.metrics;

import io.flotilla.node.config.MetricsConfig;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * The metrics of a node. Whoever has a number keeps it; it is read when somebody scrapes, or when
 * it is pushed. Only histograms are written to as things happen: a few additions, nothing
 * allocated, no lock. Safe.
 */
public final class NodeMeters implements AutoCloseable {

  private final PrometheusMeterRegistry prometheus =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MeterRegistry registry;
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final List<Runnable> refreshes = new CopyOnWriteArrayList<>();

  /** The registry itself would let go of them. */
  private final List<Object> counted = new CopyOnWriteArrayList<>();

  /** Nobody is pushed anything; series carry no node. */
  public NodeMeters() {
    registry = prometheus;
  }

  /** The metrics of a node, pushed as well if its settings say so. */
  public NodeMeters(int node, MetricsConfig config) {
    if (config.pushes()) {
      CompositeMeterRegistry both = new CompositeMeterRegistry(Clock.SYSTEM);
      both.add(prometheus);
      both.add(new OtlpPush(config, this::refresh));
      registry = both;
    } else {
      registry = prometheus;
    }
    registry.config().commonTags("node", Integer.toString(node));
  }

  /** What the JVM and the process tell of themselves. */
  public void process() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** Runs before numbers are read; on the thread that reads them, never two at a time. */
  public void beforeRead(Runnable refresh) {
    refreshes.add(refresh);
  }

  public void gauge(Metric metric, Supplier<Number> value, String... labels) {
    Gauge.builder(metric.base(), value)
        .description(metric.help())
        .tags(tags(metric, labels))
        .register(registry);
  }

  public void counter(Metric metric, Supplier<Number> value, String... labels) {
    counted.add(value);
    FunctionCounter.builder(metric.base(), value, from -> from.get().doubleValue())
        .description(metric.help())
        .tags(tags(metric, labels))
        .register(registry);
  }

  /** A counter to add to. */
  public LongAdder counter(Metric metric, String... labels) {
    LongAdder count = new LongAdder();
    counter(metric, count::sum, labels);
    return count;
  }

  /** A histogram of durations to add to. */
  public Latency latency(Metric metric, String... labels) {
    Timer timer =
        Timer.builder(metric.base())
            .description(metric.help())
            .tags(tags(metric, labels))
            .serviceLevelObjectives(
                metric.bounds().stream().map(NodeMeters::seconds).toArray(Duration[]::new))
            .register(registry);
    return timer::record;
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  /** A histogram of whole numbers to add to. */
  public Sizes sizes(Metric metric, String... labels) {
    DistributionSummary summary =
        DistributionSummary.builder(metric.base())
            .description(metric.help())
            .tags(tags(metric, labels))
            .serviceLevelObjectives(
                metric.bounds().stream().mapToDouble(Double::doubleValue).toArray())
            .register(registry);
    return summary::record;
  }

  /** Series of one metric that come and go with the values of its one label. */
  public SeriesByLabel series(Metric metric) {
    return new SeriesByLabel(metric, registry);
  }

  private static Tags tags(Metric metric, String... values) {
    if (metric.labels().size() != values.length) {
      throw new IllegalArgumentException(metric.name() + " has labels " + metric.labels());
    }
    Tags tags = Tags.empty();
    for (int i = 0; i < values.length; i++) {
      tags = tags.and(metric.labels().get(i), values[i]);
    }
    return tags;
  }

  private synchronized void refresh() { // one at a time
    refreshes.forEach(Runnable::run);
  }

  /** All of them, in Prometheus' text format 0.0.4. */
  public String scrape() {
    refresh();
    return prometheus.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
    prometheus.close();
  }
}
