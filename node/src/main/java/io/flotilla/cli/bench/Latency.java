package io.flotilla.cli.bench;

import io.flotilla.cli.output.Doc;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** How times are spread. */
@Doc("How times are spread, in milliseconds.")
record Latency(
    @Doc("Half are at most this.") double p50Ms,
    @Doc("90 of 100 are at most this.") double p90Ms,
    @Doc("99 of 100 are at most this.") double p99Ms,
    @Doc("999 of 1,000 are at most this.") double p999Ms,
    @Doc("The longest.") double maxMs) {

  /**
   * @param micros recorded in microseconds
   */
  static Latency of(Histogram micros) {
    return new Latency(
        at(micros, 50), at(micros, 90), at(micros, 99), at(micros, 99.9), at(micros, 100));
  }

  private static double at(Histogram micros, double percentile) {
    return micros.getValueAtPercentile(percentile) / 1000.0;
  }

  String text() {
    return String.format(
        Locale.ROOT,
        "p50 %.2f  p90 %.2f  p99 %.2f  p99.9 %.2f  max %.1f ms",
        p50Ms,
        p90Ms,
        p99Ms,
        p999Ms,
        maxMs);
  }
}
