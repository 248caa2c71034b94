package io.flotilla.cluster.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Latencies by percentile, as SVG: a panel for each load that has some, both axes logarithmic. */
final class LatencyPicture {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 320;
  private static final int MARGIN = 68;
  private static final double MS_MIN = 0.1;
  private static final double MS_MAX = 10_000;
  private static final List<String> NAMES = List.of("p50", "p90", "p99", "p99.9");
  private static final List<String> PATHS = List.of("/p50_ms", "/p90_ms", "/p99_ms", "/p999_ms");
  private static final List<String> COLOURS = List.of("#0a7d5a", "#c0392b", "#7f8c8d");

  private final List<String> peers;
  private final Map<Load, Map<String, List<JsonNode>>> runs;

  LatencyPicture(List<String> peers, Map<Load, Map<String, List<JsonNode>>> runs) {
    this.peers = peers;
    this.runs = runs;
  }

  String svg() {
    List<Load> loads =
        runs.keySet().stream().filter(load -> load.mode() != Load.Mode.PUBLISH).toList();
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"12\">\n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
            Math.max(1, loads.size()) * WIDTH,
            HEIGHT));
    for (int i = 0; i < loads.size(); i++) {
      out.append(String.format(Locale.ROOT, "<g transform=\"translate(%d,0)\">\n", i * WIDTH));
      panel(out, loads.get(i), runs.getOrDefault(loads.get(i), Map.of()));
      out.append("</g>\n");
    }
    return out.append("</svg>\n").toString();
  }

  private void panel(StringBuilder out, Load load, Map<String, List<JsonNode>> byPeer) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"20\" font-weight=\"bold\">%s</text>\n",
            MARGIN,
            load.title()));
    for (double ms = MS_MIN; ms <= MS_MAX; ms *= 10) {
      out.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s ms</text>\n",
              MARGIN,
              WIDTH - 20,
              y(ms),
              y(ms),
              MARGIN - 4,
              y(ms) + 4,
              ms < 1 ? "0.1" : Long.toString(Math.round(ms))));
    }
    for (int i = 0; i < NAMES.size(); i++) {
      out.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
              x(i),
              HEIGHT - 28,
              NAMES.get(i)));
    }
    for (int p = 0; p < peers.size(); p++) {
      curve(out, load, p, byPeer.getOrDefault(peers.get(p), List.of()));
    }
  }

  private void curve(StringBuilder out, Load load, int peer, List<JsonNode> measured) {
    String of = load.mode() == Load.Mode.END_TO_END ? "/delivery" : "/latency";
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < PATHS.size(); i++) {
      String path = of + PATHS.get(i);
      List<Double> values = measured.stream().map(run -> run.at(path).asDouble()).sorted().toList();
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(i), y(Results.median(values))));
    }
    String colour = COLOURS.get(peer % COLOURS.size());
    out.append(
        String.format(
            Locale.ROOT,
            "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>"
                + "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>\n",
            points.toString().strip(),
            colour,
            MARGIN + 8 + 110 * peer,
            HEIGHT - 8,
            colour,
            peers.get(peer)));
  }

  private static double x(int percentile) {
    return MARGIN + 30 + percentile * (WIDTH - MARGIN - 80) / (double) (NAMES.size() - 1);
  }

  private static double y(double ms) {
    double part = Math.log10(Math.max(MS_MIN, ms) / MS_MIN) / Math.log10(MS_MAX / MS_MIN);
    return HEIGHT - MARGIN - part * (HEIGHT - MARGIN - 40);
  }
}
