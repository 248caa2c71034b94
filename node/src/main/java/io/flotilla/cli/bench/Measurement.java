package io.flotilla.cli.bench;

import io.flotilla.cli.local.Await;
import io.flotilla.cli.output.Terminal;
import io.flotilla.cli.output.Text;
import io.flotilla.client.FlotillaClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Watches a load: warms up, then measures windows, and says meanwhile how it goes. Confined. */
final class Measurement {

  private static final int WINDOWS = 5;
  private static final Duration SECOND = Duration.ofSeconds(1);

  /**
   * What was measured.
   *
   * @param times of publishes, in microseconds
   * @param nodes null: they are not all here
   */
  record Result(
      List<Throughput.Window> windows,
      Histogram times,
      @Nullable Cost nodes,
      @Nullable Cost client) {
    long events() {
      return windows.stream().mapToLong(Throughput.Window::events).sum();
    }
  }

  private final Load load;
  private final Terminal terminal;
  private final @Nullable Processes nodes;
  private final @Nullable Processes self = Processes.self();

  Measurement(Load load, Terminal terminal, @Nullable Processes nodes) {
    this.load = load;
    this.terminal = terminal;
    this.nodes = nodes;
  }

  /** Lets it run unmeasured. */
  void warmUp(Duration time) {
    pass("warming up", time);
    demandProgress();
  }

  Result measure(Duration time) {
    load.times(); // Forgets what came before.
    double nodesBefore = nodes == null ? 0 : nodes.cpuSeconds();
    double selfBefore = self == null ? 0 : self.cpuSeconds();
    long begun = System.nanoTime();
    long bytesBefore = load.bytes();
    List<Throughput.Window> windows = new ArrayList<>();
    for (int i = 0; i < WINDOWS; i++) {
      windows.add(window(time.dividedBy(WINDOWS), i));
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    long bytes = load.bytes() - bytesBefore;
    terminal.progress("");
    demandProgress();
    return new Result(
        windows,
        load.times(),
        nodes == null ? null : nodes.cost(nodesBefore, seconds, bytes),
        self == null ? null : self.cost(selfBefore, seconds, bytes));
  }

  private Throughput.Window window(Duration time, int number) {
    long events = load.acknowledged();
    long bytes = load.bytes();
    long begun = System.nanoTime();
    pass("window " + (number + 1) + " of " + WINDOWS, time);
    double seconds = (System.nanoTime() - begun) / 1e9;
    return new Throughput.Window(seconds, load.acknowledged() - events, load.bytes() - bytes);
  }

  /** Waits, and shows each second how much is acknowledged. */
  private void pass(String what, Duration time) {
    long until = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
      long events = load.acknowledged();
      long bytes = load.bytes();
      long begun = System.nanoTime();
      Await.pass(Duration.ofNanos(Math.min(left, SECOND.toNanos())));
      double seconds = (System.nanoTime() - begun) / 1e9;
      if (terminal.errIsLive()) {
        terminal.progress(
            String.format(
                Locale.ROOT,
                "%s: %,.0f events/s, %.1f MB/s, %s failed",
                what,
                (load.acknowledged() - events) / seconds,
                (load.bytes() - bytes) / 1e6 / seconds,
                Text.count(load.failed())));
      }
    }
  }

  /** Nothing acknowledged and something refused: there is nothing to measure. */
  private void demandProgress() {
    if (load.acknowledged() == 0 && load.firstFailure() instanceof FlotillaClientException e) {
      throw e;
    }
  }
}
