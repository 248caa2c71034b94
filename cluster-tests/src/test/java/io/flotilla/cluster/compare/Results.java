package io.flotilla.cluster.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was measured, and the report: a table in Markdown, all of it as JSON, and the latencies as a
 * picture. Confined to one thread.
 */
final class Results {

  /** One line of the table. */
  private record Figure(String name, String unit, String path, boolean moreIsBetter) {}

  private static final List<Figure> OF_PUBLISH =
      List.of(
          new Figure("throughput", "MB/s", "/throughput/mb_per_second", true),
          new Figure("nodes' CPU", "s/GB", "/nodes/cpu_seconds_per_gb", false),
          new Figure("client's CPU", "s/GB", "/client/cpu_seconds_per_gb", false));

  private final List<String> peers;
  private final Map<Load, Map<String, List<JsonNode>>> runs = new LinkedHashMap<>();

  Results(List<String> peers) {
    this.peers = peers;
  }

  void add(Load load, String peer, JsonNode run) {
    if (run.at("/failed").asLong() > 0) {
      throw new IllegalStateException(peer + " failed events of " + load.name() + ": " + run);
    }
    runs.computeIfAbsent(load, any -> new LinkedHashMap<>())
        .computeIfAbsent(peer, any -> new ArrayList<>())
        .add(run);
  }

  private static List<Figure> figures(Load load) {
    String of = load.mode() == Load.Mode.END_TO_END ? "/delivery" : "/latency";
    return load.isAboutThroughput()
        ? OF_PUBLISH
        : List.of(
            new Figure("p50", "ms", of + "/p50_ms", false),
            new Figure("p99", "ms", of + "/p99_ms", false),
            new Figure("p99.9", "ms", of + "/p999_ms", false));
  }

  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    String table = table();
    Files.writeString(folder.resolve("compare.md"), table);
    Files.writeString(folder.resolve("latency.svg"), new LatencyPicture(peers, runs).svg());
    new ObjectMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("compare.json").toFile(), json());
    System.out.println(table);
    System.out.println("cluster-tests/target/compare: compare.md, compare.json, latency.svg");
  }

  private String table() {
    StringBuilder out = new StringBuilder();
    out.append("Medians (least to most) of the rounds; Java ")
        .append(Runtime.version().feature())
        .append(", ")
        .append(Runtime.getRuntime().availableProcessors())
        .append(" cores, three nodes, ")
        .append(Load.PARTITIONS)
        .append(" partitions, ")
        .append(Load.REPLICATION)
        .append(" replicas. Ratios are Flotilla's to the other's.\n\n| |");
    peers.forEach(peer -> out.append(' ').append(peer).append(" |"));
    peers.stream().skip(1).forEach(peer -> out.append(" to ").append(peer).append(" |"));
    out.append("\n|---|").append("---|".repeat(2 * peers.size() - 1)).append('\n');
    runs.forEach(
        (load, byPeer) ->
            figures(load).forEach(figure -> out.append(row(load, figure, byPeer)).append('\n')));
    return out.toString();
  }

  private String row(Load load, Figure figure, Map<String, List<JsonNode>> byPeer) {
    StringBuilder row = new StringBuilder("| ");
    row.append(load.title()).append(": ").append(figure.name()).append(", ").append(figure.unit());
    List<Double> medians = new ArrayList<>();
    for (String peer : peers) {
      List<Double> values =
          byPeer.getOrDefault(peer, List.of()).stream()
              .map(run -> run.at(figure.path()).asDouble())
              .sorted()
              .toList();
      medians.add(median(values));
      row.append(
          String.format(
              Locale.ROOT,
              " | %.2f (%.2f to %.2f)",
              median(values),
              values.get(0),
              values.get(values.size() - 1)));
    }
    for (int other = 1; other < medians.size(); other++) {
      double ratio = medians.get(0) / medians.get(other);
      boolean better = figure.moreIsBetter() ? ratio >= 1 : ratio <= 1;
      row.append(String.format(Locale.ROOT, better ? " | **%.2f**" : " | %.2f", ratio));
    }
    return row.append(" |").toString();
  }

  /** Of sorted values; between the middle two when their number is even. */
  static double median(List<Double> values) {
    int middle = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(middle)
        : (values.get(middle - 1) + values.get(middle)) / 2;
  }

  private ArrayNode json() {
    ArrayNode all = new ObjectMapper().createArrayNode();
    runs.forEach(
        (load, byPeer) ->
            byPeer.forEach(
                (peer, measured) -> {
                  ObjectNode one = all.addObject().put("load", load.name()).put("peer", peer);
                  one.putArray("runs").addAll(measured);
                }));
    return all;
  }
}
