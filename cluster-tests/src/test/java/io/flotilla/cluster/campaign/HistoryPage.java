package io.flotilla.cluster.campaign;

import io.flotilla.cluster.check.Fact;
import io.flotilla.cluster.check.History;
import io.flotilla.cluster.check.Violation;
import io.flotilla.cluster.check.Write;
import io.flotilla.cluster.check.Write.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A scenario as a page: verdict, how many events were acknowledged in each fifth of a second with
 * the faults beside it, and what is broken. One file, no script, nothing from elsewhere.
 */
final class HistoryPage {
  private static final long SLOT_NANOS = 200_000_000;
  private static final int WIDTH = 1_100;
  private static final int HEIGHT = 220;
  private static final double SECONDS = 1e9;

  private HistoryPage() {}

  static void write(String title, History history, List<Violation> violations, Path file) {
    StringBuilder page = new StringBuilder(HEAD.replace("{title}", escape(title)));
    page.append("<h1>").append(escape(title)).append("</h1>\n");
    page.append(violations.isEmpty() ? "<p class=ok>sound</p>\n" : "<p class=bad>broken</p>\n");
    page.append(
        "<p>%d written, %d acknowledged</p>\n"
            .formatted(history.writes().size(), history.acknowledged()));
    if (!violations.isEmpty()) {
      page.append("<h2>Counter-examples, first ones first</h2>\n<ol>\n");
      violations.forEach(
          one ->
              page.append("<li><b>")
                  .append(one.invariant())
                  .append("</b> ")
                  .append(escape(one.facts()))
                  .append("</li>\n"));
      page.append("</ol>\n");
    }
    page.append("<h2>Acknowledged events, a fifth of a second each</h2>\n");
    chart(history, page);
    try {
      Files.writeString(file, page.append("</html>\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void chart(History history, StringBuilder page) {
    List<Write> writes = history.writes();
    long begin = writes.stream().mapToLong(Write::invokedNanos).min().orElse(0);
    long[] acknowledged =
        writes.stream()
            .filter(write -> write.outcome() == Outcome.OK)
            .mapToLong(Write::completedNanos)
            .toArray();
    long end = java.util.Arrays.stream(acknowledged).max().orElse(begin + SLOT_NANOS);
    int[] slots = new int[(int) ((end - begin) / SLOT_NANOS) + 1];
    for (long at : acknowledged) {
      slots[(int) ((at - begin) / SLOT_NANOS)]++;
    }
    int most = java.util.Arrays.stream(slots).max().orElse(1);
    page.append(
        "<svg viewBox='0 0 %d %d' role=img aria-label='acknowledged events over time'>\n"
            .formatted(WIDTH, HEIGHT + 30));
    double step = (double) WIDTH / slots.length;
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < slots.length; i++) {
      line.append(point(i * step, HEIGHT - (double) HEIGHT * slots[i] / most));
    }
    page.append("<polyline class=curve points='").append(line).append("'/>\n");
    page.append("<text x=4 y=14>%.0f/s</text>\n".formatted(most * SECONDS / SLOT_NANOS));
    List<Fact.Fault> faults = history.facts(Fact.Fault.class);
    int number = 1;
    for (Fact.Fault fault : faults) {
      double x = (fault.atNanos() - begin) / (double) SLOT_NANOS * step;
      page.append(
          String.format(
              Locale.ROOT,
              "<line class=fault x1=%.1f x2=%.1f y1=0 y2=%d><title>%s</title></line>"
                  + "<text x=%.1f y=%d>%d</text>%n",
              x,
              x,
              HEIGHT,
              escape(fault.what()),
              x,
              HEIGHT + 18,
              number++));
    }
    page.append("</svg>\n<ol>\n");
    for (Fact.Fault fault : faults) {
      page.append(
          String.format(
              Locale.ROOT,
              "<li>%.1f s: %s</li>%n",
              (fault.atNanos() - begin) / SECONDS,
              escape(fault.what())));
    }
    page.append("</ol>\n");
  }

  private static String point(double x, double y) {
    return String.format(Locale.ROOT, "%.1f,%.1f ", x, y);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;");
  }

  private static final String HEAD =
      """
      <!doctype html>
      <html lang=en>
      <meta charset=utf-8>
      <title>{title}</title>
      <style>
      :root { color-scheme: light dark }
      body { font: 15px/1.5 system-ui, sans-serif }
      body { margin: 2em auto; max-width: 72em; padding: 0 1em }
      .ok { color: #1a7f37; font-weight: bold } .bad { color: #cf222e; font-weight: bold }
      svg { width: 100%; border-bottom: 1px solid #888 }
      .curve { fill: none; stroke: #3b82f6; stroke-width: 1.5 }
      .fault { stroke: #cf222e; stroke-dasharray: 3 3 }
      text { font-size: 12px; fill: currentColor }
      </style>
      """;
}
