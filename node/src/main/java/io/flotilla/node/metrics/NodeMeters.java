package io.flotilla.node.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The metrics of a node. Whoever has a number keeps it; it is read when somebody scrapes, so
 * nothing that measures knows of metrics, and nobody pays for them in between. Names are written
 * with dots and scraped with underscores, counters with {@code _total} behind. Safe.
 */
public final class NodeMeters implements AutoCloseable {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /** The registry itself would let go of them. */
  private final List<Object> counted = new CopyOnWriteArrayList<>();

  /** Begins with what the JVM and the process tell of themselves. */
  public NodeMeters() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** A number that rises and falls. */
  public void gauge(String name, String help, Supplier<Number> value) {
    Gauge.builder(name, value).description(help).register(registry);
  }

  /** A number that only rises, from 0 at the start of the process. */
  public void counter(String name, String help, Supplier<Number> value) {
    counted.add(value);
    FunctionCounter.builder(name, value, from -> from.get().doubleValue())
        .description(help)
        .register(registry);
  }

  /** How often something was done, and for how long altogether, both only rising. */
  public void timer(String name, String help, LongSupplier count, LongSupplier nanos) {
    counted.add(count);
    FunctionTimer.builder(
            name, count, LongSupplier::getAsLong, any -> nanos.getAsLong(), TimeUnit.NANOSECONDS)
        .description(help)
        .register(registry);
  }

  /** All of them, in Prometheus' text format 0.0.4. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
