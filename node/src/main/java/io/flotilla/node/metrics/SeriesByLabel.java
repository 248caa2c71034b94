package io.flotilla.node.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The series of a metric with one label whose values come and go: topics, consumer groups. Whoever
 * sets them sees to it that there are not too many. Safe.
 */
public final class SeriesByLabel {

  private static final class Cell {
    private volatile double value;

    double value() {
      return value;
    }
  }

  private record Series(Cell cell, Meter meter) {}

  private final Metric metric;
  private final MeterRegistry registry;
  private final Map<String, Series> shown = new HashMap<>(); // guarded by this

  SeriesByLabel(Metric metric, MeterRegistry registry) {
    this.metric = metric;
    this.registry = registry;
  }

  /** These are the series from now on, by the label's value. */
  public synchronized void set(Map<String, Double> values) { // guards shown
    Set<String> gone = new HashSet<>(shown.keySet());
    gone.removeAll(values.keySet());
    for (String label : gone) {
      Series series = shown.remove(label);
      if (series != null) {
        registry.remove(series.meter);
      }
    }
    values.forEach((label, value) -> shown.computeIfAbsent(label, this::add).cell.value = value);
  }

  private Series add(String label) {
    Cell cell = new Cell();
    String name = metric.labels().get(0);
    Meter meter =
        metric.kind() == Metric.Kind.COUNTER
            ? FunctionCounter.builder(metric.base(), cell, Cell::value)
                .description(metric.help())
                .tag(name, label)
                .register(registry)
            : Gauge.builder(metric.base(), cell, Cell::value)
                .description(metric.help())
                .tag(name, label)
                .register(registry);
    return new Series(cell, meter);
  }
}
