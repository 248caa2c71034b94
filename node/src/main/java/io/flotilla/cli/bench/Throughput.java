package io.flotilla.cli.bench;

import io.flotilla.cli.output.Doc;
import java.util.List;
import java.util.Locale;

/** How much a second, over the windows of a measurement. */
@Doc("How much a second: the median of the windows of one run. MB are 1,000,000 bytes of values.")
record Throughput(
    @Doc("Events a second, median.") double eventsPerSecond,
    @Doc("MB a second, median.") double mbPerSecond,
    @Doc("MB a second of the slowest window.") double mbPerSecondMin,
    @Doc("MB a second of the fastest window.") double mbPerSecondMax) {

  /** One window. */
  record Window(double seconds, long events, long bytes) {
    double events1s() {
      return events / seconds;
    }

    double mb1s() {
      return bytes / 1e6 / seconds;
    }
  }

  static Throughput of(List<Window> windows) {
    List<Double> mb = windows.stream().map(Window::mb1s).sorted().toList();
    List<Double> events = windows.stream().map(Window::events1s).sorted().toList();
    int middle = windows.size() / 2;
    return new Throughput(events.get(middle), mb.get(middle), mb.get(0), mb.get(mb.size() - 1));
  }

  String text() {
    return String.format(
        Locale.ROOT,
        "%,.0f events/s  %.1f MB/s (%.1f to %.1f)",
        eventsPerSecond,
        mbPerSecond,
        mbPerSecondMin,
        mbPerSecondMax);
  }
}
