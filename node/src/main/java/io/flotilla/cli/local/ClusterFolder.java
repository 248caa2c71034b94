package io.flotilla.cli.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder of a local cluster: {@code cluster.json} with the ports, chosen at first use and kept,
 * and a folder a node with its configuration, log, process id and data. Immutable; the files are
 * written by one process at a time.
 */
public final class ClusterFolder {

  /** What {@code cluster.json} holds. */
  @Doc("The nodes of a local cluster and their ports.")
  record Plan(@Doc("The nodes, by id.") List<NodePlace> nodes) {}

  private static final String PLAN = "cluster.json";

  private final Path path;
  private final List<NodePlace> nodes;
  private final String settings;

  private ClusterFolder(Path path, List<NodePlace> nodes, String settings) {
    this.path = path;
    this.nodes = nodes;
    this.settings = settings;
  }

  /**
   * The same folder, whose nodes are started with more settings.
   *
   * @param yaml lines at the top level of a node's configuration
   */
  ClusterFolder withSettings(String yaml) {
    return new ClusterFolder(path, nodes, yaml);
  }

  /** There is a cluster in this folder. */
  static boolean exists(Path path) {
    return Files.exists(path.resolve(PLAN));
  }

  /** A new cluster; the caller has made sure that there is none. */
  public static ClusterFolder create(Path path, int nodes, int basePort) throws IOException {
    List<NodePlace> places = Ports.choose(nodes, basePort);
    if (basePort != 0) {
      places.forEach(place -> Ports.demandFree(place, "choose other ports: --base-port 9200"));
    }
    Files.createDirectories(path);
    Path plan = path.resolve(PLAN);
    Files.writeString(plan, Json.pretty(new Plan(places)) + "\n");
    return new ClusterFolder(path.toAbsolutePath().normalize(), places, "");
  }

  /** The cluster that is in the folder. */
  public static ClusterFolder open(Path path) throws IOException {
    Path plan = path.resolve(PLAN);
    try {
      List<NodePlace> places = new ArrayList<>();
      for (JsonNode node : new ObjectMapper().readTree(plan.toFile()).required("nodes")) {
        places.add(
            new NodePlace(
                node.required("id").intValue(),
                node.required("host").textValue(),
                node.required("grpc_port").intValue(),
                // Folders made before there was a console have none.
                node.path("http_port").asInt(0),
                node.required("raft_port").intValue()));
      }
      return new ClusterFolder(path.toAbsolutePath().normalize(), places, "");
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw CliException.local(
          "cannot use " + plan, "it is not what flotilla up wrote: " + e.getMessage(), "mend it");
    }
  }

  public Path path() {
    return path;
  }

  public List<NodePlace> nodes() {
    return nodes;
  }

  /** The node of this id, or an error that names those there are. */
  public NodePlace node(int id) {
    return nodes.stream()
        .filter(node -> node.id() == id)
        .findFirst()
        .orElseThrow(
            () ->
                CliException.usage(
                    "there is no node " + id + " in " + path,
                    "its nodes are " + ids(),
                    "flotilla up --dir " + path + " --node " + nodes.get(0).id()));
  }

  /** All client addresses, for {@code --server}. */
  public String servers() {
    return nodes.stream().map(NodePlace::address).collect(Collectors.joining(","));
  }

  /** The folder of a node. */
  public Path folder(NodePlace node) {
    return path.resolve("node-" + node.id());
  }

  /** Where a node's output goes. */
  public Path log(NodePlace node) {
    return folder(node).resolve("log.txt");
  }

  /** Where a node's process id stands. */
  Path pid(NodePlace node) {
    return folder(node).resolve("pid");
  }

  /** Writes a node's configuration, anew at each start, and says where. */
  Path configure(NodePlace node) throws IOException {
    Files.createDirectories(folder(node));
    String members =
        nodes.stream().map(each -> Json.line(each.member())).collect(Collectors.joining(", "));
    Path file = folder(node).resolve("config.yaml");
    Files.writeString(
        file,
        """
        # Written by flotilla up at each start. To change a setting, use its environment variable.
        node: {id: %d, dir: %s}
        cluster:
          nodes: [%s]
        http: {port: %d}
        %s"""
            .formatted(
                node.id(),
                Json.line(folder(node).resolve("data").toString()),
                members,
                node.httpPort(),
                settings));
    return file;
  }

  /** Removes the folder with everything in it. */
  public void delete() throws IOException {
    delete(path);
  }

  static void delete(Path path) throws IOException {
    List<Path> inside;
    try (Stream<Path> walk = Files.walk(path)) {
      inside = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : inside) {
      Files.deleteIfExists(each);
    }
  }

  private String ids() {
    return nodes.stream().map(node -> String.valueOf(node.id())).collect(Collectors.joining(", "));
  }
}
