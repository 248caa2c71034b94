package io.flotilla.cluster.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.config.ConfigException;
import io.flotilla.node.config.ConfigLoader;
import io.flotilla.node.config.NodeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * {@code docker/compose.yaml} and what it is made of: whether its parts agree. The nodes'
 * configuration is read by what reads it in them. Each file's text may be another one, to show that
 * a fault is seen. Confined.
 */
final class ComposeFiles {
  static final Path ROOT = Path.of(System.getProperty("flotilla.home", "..")).toAbsolutePath();
  static final Path FOLDER = ROOT.resolve("docker");
  private static final int MEMORY_MIN_GIB = 1;
  private static final String LOOPBACK = "127.0.0.1";
  private static final Pattern DEFAULT = Pattern.compile("\\$\\{\\w+:-(.*)}");

  private final Map<String, String> others;
  private final List<String> faults = new ArrayList<>();
  private final Map<String, NodeConfig> nodes = new TreeMap<>();
  private final Set<String> published = new HashSet<>();

  /** A mount of a file: where it comes from, relative to the folder, and where it is seen. */
  private record Mount(String from, String at, boolean readOnly) {
    static Mount of(String text) {
      String[] parts = text.split(":", -1);
      return new Mount(parts[0], parts[1], parts.length > 2 && parts[2].equals("ro"));
    }

    boolean isFile() {
      return from.startsWith(".");
    }
  }

  /**
   * @param others texts instead of those of the files of these names
   */
  ComposeFiles(Map<String, String> others) {
    this.others = others;
  }

  static String text(String file) {
    try {
      return Files.readString(FOLDER.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String read(String file) {
    return others.getOrDefault(file, text(file));
  }

  /** Aliases and merged keys resolved, as Compose does. */
  private JsonNode yaml(String file) {
    Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(read(file));
    return new ObjectMapper().valueToTree(root);
  }

  /** What does not fit together, all of it; empty when everything does. */
  List<String> faults() {
    JsonNode compose = yaml("compose.yaml");
    compose
        .fieldNames()
        .forEachRemaining(
            key ->
                demand(
                    key.startsWith("x-") || Set.of("services", "volumes").contains(key),
                    key + " is not known to Compose of version 1"));
    Map<String, JsonNode> services = fields(compose.path("services"));
    services.forEach(
        (name, service) -> {
          if (service.path("environment").has("FLOTILLA_NODE_ID")) {
            node(name, service);
          } else {
            demand(
                texts(service.path("profiles")).equals(List.of("monitoring")),
                name + " is to be started with the profile monitoring only");
          }
          mounts(name, service, compose.path("volumes"));
        });
    demand(nodes.size() == 3, "three nodes, not " + nodes.keySet());
    cluster();
    Set<String> volumes = new HashSet<>();
    services.values().forEach(service -> named(service).forEach(volumes::add));
    demand(volumes.equals(fields(compose.path("volumes")).keySet()), "volumes used are " + volumes);
    prometheus(services.getOrDefault("prometheus", compose.path("nothing")));
    grafana(services.getOrDefault("grafana", compose.path("nothing")));
    return List.copyOf(faults);
  }

  private void node(String name, JsonNode service) {
    Matcher tag = Pattern.compile(" tag=(\\S+)").matcher(read("build.sh"));
    Matcher image = DEFAULT.matcher(service.path("image").asText());
    demand(
        tag.find() && image.matches() && image.group(1).equals(tag.group(1)),
        name + ": the image is not what build.sh builds");
    demand(service.path("hostname").asText().equals(name), name + ": its hostname is another");
    demand(service.path("read_only").asBoolean(), name + ": its root is not read_only");
    demand(
        texts(service.path("cap_drop")).equals(List.of("ALL")), name + ": it keeps capabilities");
    demand(
        texts(service.path("security_opt")).contains("no-new-privileges:true"),
        name + ": it may gain privileges");
    demand(
        texts(service.path("tmpfs")).stream().anyMatch(one -> one.startsWith("/tmp:exec")),
        name + ": the command line cannot load libraries from /tmp");
    demand(
        service.path("mem_limit").asText().equals(MEMORY_MIN_GIB + "g"),
        name + ": its memory is not what is tested");
    demand(!service.has("healthcheck"), name + ": the image knows its health itself");
    Map<String, String> environment = new TreeMap<>();
    fields(service.path("environment")).forEach((k, v) -> environment.put(k, v.asText()));
    NodeConfig config;
    try {
      config = config(environment);
    } catch (ConfigException e) {
      faults.add(name + ": a node refuses this: " + e.getMessage());
      return;
    }
    nodes.put(name, config);
    ports(name, texts(service.path("ports")), config);
    String dockerfile = read("Dockerfile");
    demand(
        dockerfile.contains("\nVOLUME " + config.dir() + "\n"),
        name + ": " + config.dir() + " is not the image's volume");
    demand(
        texts(service.path("volumes")).equals(List.of(name + ":" + config.dir())),
        name + ": its volume is not its own, at " + config.dir());
    demand(
        dockerfile.contains("CMD [\"/opt/flotilla/health\", \"ready\"]")
            && read("health").contains(":-" + config.http().port() + "}")
            && Files.isExecutable(FOLDER.resolve("health")),
        name + ": the health check does not ask at port " + config.http().port());
  }

  private NodeConfig config(Map<String, String> environment) {
    try {
      Path file = Files.createTempFile("flotilla-compose-", ".yaml");
      try {
        Files.writeString(file, read("node.yaml"));
        return ConfigLoader.load(file, environment);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void ports(String name, List<String> ports, NodeConfig config) {
    Set<String> inside = new TreeSet<>();
    for (String port : ports) {
      String[] parts = port.split(":", -1);
      inside.add(parts[parts.length - 1]);
      demand(
          parts.length == 3 && parts[0].equals(LOOPBACK), name + ": " + port + " is for anybody");
      demand(published.add(parts[parts.length - 2]), name + ": " + port + " is taken twice");
    }
    Set<String> wanted =
        new TreeSet<>(Set.of("" + config.self().grpcPort(), "" + config.http().port()));
    demand(inside.equals(wanted), name + ": publishes " + inside + ", and serves at " + wanted);
    String exposed =
        "EXPOSE %d %d %d\n"
            .formatted(config.self().grpcPort(), config.http().port(), config.self().raftPort());
    demand(read("Dockerfile").contains(exposed), name + ": the image should " + exposed.strip());
  }

  /** Each node knows the same nodes, by the names of the services. */
  private void cluster() {
    nodes.forEach(
        (name, config) -> {
          demand(
              config.self().host().equals(name),
              name + " is node " + config.id() + ", which is " + config.self().host());
          Set<String> others = new TreeSet<>();
          config.nodes().stream().map(ClusterNode::host).forEach(others::add);
          demand(others.equals(nodes.keySet()), name + " knows the nodes " + others);
        });
    demand(
        nodes.values().stream().map(NodeConfig::nodes).distinct().count() == 1,
        "the nodes do not know the same cluster");
  }

  private void mounts(String name, JsonNode service, JsonNode volumes) {
    for (String text : texts(service.path("volumes"))) {
      Mount mount = Mount.of(text);
      if (mount.isFile()) {
        demand(Files.isRegularFile(FOLDER.resolve(mount.from)), name + ": no file " + mount.from);
        demand(mount.readOnly, name + ": may write " + mount.from);
      } else {
        demand(volumes.has(mount.from), name + ": no volume " + mount.from);
      }
    }
  }

  private static Stream<String> named(JsonNode service) {
    return texts(service.path("volumes")).stream()
        .map(Mount::of)
        .filter(mount -> !mount.isFile())
        .map(Mount::from);
  }

  private void prometheus(JsonNode service) {
    Map<String, String> files = files(service);
    demand(
        "./monitoring/prometheus.yml".equals(files.get("/etc/prometheus/prometheus.yml")),
        "prometheus: its configuration is not mounted");
    JsonNode config = yaml("monitoring/prometheus.yml");
    List<String> rules = texts(config.path("rule_files"));
    demand(
        rules.equals(List.of("/etc/prometheus/alerts.yaml"))
            && "./monitoring/alerts.yaml".equals(files.get(rules.get(0))),
        "prometheus: the rules " + rules + " are not mounted");
    Set<String> targets = new TreeSet<>();
    config
        .path("scrape_configs")
        .forEach(
            job -> {
              demand(
                  job.path("job_name").asText().equals("flotilla"),
                  "prometheus: the rules are of the job flotilla");
              job.path("static_configs")
                  .forEach(group -> targets.addAll(texts(group.path("targets"))));
            });
    Set<String> wanted = new TreeSet<>();
    nodes.forEach((name, node) -> wanted.add(name + ":" + node.http().port()));
    demand(targets.equals(wanted), "prometheus: reads " + targets + ", not " + wanted);
    demand(
        texts(service.path("ports")).equals(List.of(LOOPBACK + ":9090:9090")),
        "prometheus: is to be at port 9090 of this machine");
  }

  private void grafana(JsonNode service) {
    Map<String, String> files = files(service);
    demand(
        "./monitoring/grafana/datasource.yaml"
            .equals(files.get("/etc/grafana/provisioning/datasources/flotilla.yaml")),
        "grafana: its data source is not mounted");
    demand(
        "./monitoring/grafana/provisioning.yaml"
            .equals(files.get("/etc/grafana/provisioning/dashboards/flotilla.yaml")),
        "grafana: what provides its dashboards is not mounted");
    JsonNode source = yaml("monitoring/grafana/datasource.yaml").path("datasources").path(0);
    demand(
        source.path("type").asText().equals("prometheus")
            && source.path("url").asText().equals("http://prometheus:9090")
            && source.path("isDefault").asBoolean(),
        "grafana: its numbers are to come from prometheus:9090");
    String dashboards =
        yaml("monitoring/grafana/provisioning.yaml")
            .path("providers")
            .path(0)
            .path("options")
            .path("path")
            .asText();
    demand(
        "./monitoring/dashboard.json".equals(files.get(dashboards + "/flotilla.json")),
        "grafana: no dashboard is mounted in " + dashboards);
    demand(
        texts(service.path("ports")).equals(List.of(LOOPBACK + ":3000:3000")),
        "grafana: is to be at port 3000 of this machine");
  }

  /** Where files are seen, and which. */
  private static Map<String, String> files(JsonNode service) {
    Map<String, String> files = new HashMap<>();
    texts(service.path("volumes")).stream()
        .map(Mount::of)
        .forEach(mount -> files.put(mount.at, mount.from));
    return files;
  }

  private static Map<String, JsonNode> fields(JsonNode object) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    return fields;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(one -> texts.add(one.asText()));
    return texts;
  }

  private void demand(boolean holds, String fault) {
    if (!holds) {
      faults.add(fault);
    }
  }
}
