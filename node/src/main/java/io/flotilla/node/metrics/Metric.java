package io.flotilla.node.metrics;

import java.util.List;

/**
 * What a metric is called and means. Each is declared once, by the class that registers it, and the
 * reference of all metrics is made from these. Immutable.
 *
 * @param name as Prometheus has it: {@code flotilla_<noun>_<unit>}, counters with {@code _total}
 * @param help what it means, in a sentence or two
 * @param bounds of a histogram's buckets, in its unit, rising; empty for other kinds
 * @param labels their values come from sets with a bound
 */
public record Metric(
    String name, Kind kind, String help, List<Double> bounds, List<String> labels) {

  /** How it is counted. */
  public enum Kind {
    /** Only rises, from 0 at the start of the process. */
    COUNTER,
    /** Rises and falls. */
    GAUGE,
    /** A histogram of durations in seconds. */
    SECONDS,
    /** A histogram of whole numbers. */
    COUNTS
  }

  /** Of what a client waits for. */
  static final List<Double> LATENCY =
      List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0);

  /** Of what there are many series of. */
  static final List<Double> COARSE = List.of(0.005, 0.025, 0.1, 0.5, 2.5);

  static final List<Double> NUMBERS =
      List.of(1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 500.0, 1_000.0, 5_000.0);

  public Metric {
    if (!name.matches("flotilla(_[a-z]+)+") || name.endsWith("_total") != (kind == Kind.COUNTER)) {
      throw new IllegalArgumentException(name + " is no name for a " + kind);
    }
    bounds = List.copyOf(bounds);
    labels = List.copyOf(labels);
  }

  public static Metric counter(String name, String help, String... labels) {
    return new Metric(name, Kind.COUNTER, help, List.of(), List.of(labels));
  }

  public static Metric gauge(String name, String help, String... labels) {
    return new Metric(name, Kind.GAUGE, help, List.of(), List.of(labels));
  }

  /** A histogram of what somebody waits for, 1 ms to 5 s. */
  public static Metric seconds(String name, String help) {
    return new Metric(name, Kind.SECONDS, help, LATENCY, List.of());
  }

  /** A histogram in few steps, since each value of the labels has one. */
  static Metric coarseSeconds(String name, String help, String... labels) {
    return new Metric(name, Kind.SECONDS, help, COARSE, List.of(labels));
  }

  static Metric counts(String name, String help) {
    return new Metric(name, Kind.COUNTS, help, NUMBERS, List.of());
  }

  /** What Micrometer makes the name of: it appends unit and kind itself. */
  String base() {
    String base =
        switch (kind) {
          case COUNTER -> name.substring(0, name.length() - "_total".length());
          case SECONDS -> name.substring(0, name.length() - "_seconds".length());
          case GAUGE, COUNTS -> name;
        };
    return base.replace('_', '.');
  }
}
