package io.flotilla.cluster.chart;

import static io.flotilla.cluster.chart.Chart.render;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An operator's values: each is explained, and one that would do harm is refused. */
class ValuesTest {
  private static final Path VALUES = Chart.FOLDER.resolve("values.yaml");
  private static final Path SCHEMA = Chart.FOLDER.resolve("values.schema.json");
  private static final Path README = Chart.FOLDER.resolve("README.md");

  private static final String BEGIN = "<!-- values: made from values.yaml by ValuesTest -->\n";
  private static final String END = "<!-- end of values -->\n";
  private static final Pattern KEY = Pattern.compile("( *)(\\w+):(?: (.+))?");

  private static final int LINES_MAX = 300;
  private static final int SCHEMA_BYTES_MAX = 40 << 10;

  private record Value(String key, String byDefault, String sentence) {}

  @Test
  void everyValueIsExplainedInOneLine() throws IOException {
    List<Value> values = values();
    assertThat(values).hasSizeGreaterThan(50);
    assertThat(values)
        .allSatisfy(
            value ->
                assertThat(value.sentence())
                    .as(value.key())
                    .matches("[A-Z].*[.]")
                    .hasSizeLessThan(130));
    assertThat(Files.readAllLines(VALUES)).hasSizeLessThanOrEqualTo(LINES_MAX);
  }

  /** {@code -Dflotilla.chart.renew=true} writes it anew. */
  @Test
  void theReadmeHasTheTableOfThem() throws IOException {
    StringBuilder table = new StringBuilder("| Value | Default | What it is |\n|---|---|---|\n");
    for (Value value : values()) {
      table.append(
          "| `%s` | `%s` | %s |\n"
              .formatted(value.key(), value.byDefault(), value.sentence().replace("|", "\\|")));
    }
    String readme = Files.readString(README);
    assertThat(readme).contains(BEGIN, END);
    String before = readme.substring(0, readme.indexOf(BEGIN) + BEGIN.length());
    String after = readme.substring(readme.indexOf(END));
    String wanted = before + table + after;
    if (Chart.renewing()) {
      Files.writeString(README, wanted);
    }
    assertThat(Files.readString(README))
        .as("renew it: -Dflotilla.chart.renew=true")
        .isEqualTo(wanted);
  }

  /** Every leaf, with the comment above it. */
  private static List<Value> values() throws IOException {
    List<Value> values = new ArrayList<>();
    List<String> path = new ArrayList<>();
    String comment = "";
    for (String line : Files.readAllLines(VALUES)) {
      if (line.strip().startsWith("# ")) {
        assertThat(comment).as("a second line of comment: " + line).isEmpty();
        comment = line.strip().substring(2);
        continue;
      }
      Matcher key = KEY.matcher(line);
      if (key.matches()) {
        int depth = key.group(1).length() / 2;
        path = new ArrayList<>(path.subList(0, depth));
        path.add(key.group(2));
        if (key.group(3) != null) {
          values.add(new Value(String.join(".", path), key.group(3), comment));
        }
      } else {
        assertThat(line).as("neither a key nor a comment").isEmpty();
      }
      comment = "";
    }
    return values;
  }

  @Test
  void theSchemaKnowsThemAllAndNoOther() throws IOException {
    Set<String> known = new TreeSet<>();
    JsonNode schema = new ObjectMapper().readTree(SCHEMA.toFile());
    schema
        .path("properties")
        .properties()
        .forEach(field -> known(field.getKey(), field.getValue(), known));
    known.remove("global"); // Helm's own.
    Set<String> given = new TreeSet<>();
    values().forEach(value -> given.add(value.key()));
    known.removeIf(key -> key.startsWith("resources."));
    given.removeIf(key -> key.startsWith("resources."));
    assertThat(given).isEqualTo(known);
    assertThat(Files.size(SCHEMA)).isLessThanOrEqualTo(SCHEMA_BYTES_MAX);
  }

  /** Closed levels are ours, and go on; open ones are Kubernetes' own objects. */
  private static void known(String path, JsonNode schema, Set<String> into) {
    if (schema.has("properties")) {
      assertThat(schema.path("additionalProperties").asBoolean(true)).as(path).isFalse();
      schema
          .path("properties")
          .properties()
          .forEach(field -> known(path + "." + field.getKey(), field.getValue(), into));
    } else {
      into.add(path);
    }
  }

  @Test
  void aTypingErrorIsRefusedAtEveryLevel() {
    refused(Map.of("storage.sise", "1Gi"), "sise");
    refused(Map.of("drainSeconds", "60"), "drainSeconds");
    refused(Map.of("monitoring.rules.enabld", "true"), "enabld");
    refused(Map.of("extra.enviroment[0].name", "A"), "enviroment");
    refused(Map.of("replicas", "4"), "replicas");
    refused(Map.of("updateStrategy", "Recreate"), "updateStrategy");
    refused(Map.of("monitoring.rules.runbookBase", "ALERTS.md"), "runbookBase");
    refused(Map.of("extra.mounts[0].name", "a"), "mountPath");
  }

  @Test
  void whatWouldTakeTheMajorityAwayIsRefused() {
    refused(
        Map.of("disruption.maxUnavailable", "2"),
        "disruption.maxUnavailable is 2: of 3 nodes at most 1 may be down");
    refused(
        Map.of("disruption.maxUnavailable", "2", "replicas", "1"), "of 1 nodes at most 1 may be");
    assertThat(render(Map.of("disruption.maxUnavailable", "2", "replicas", "5"))).isNotEmpty();
    assertThat(render(Map.of("replicas", "1"))).as("alone, and drained").isNotEmpty();
  }

  @Test
  void aSettingThatTheChartMakesItselfIsRefused() {
    for (String key :
        List.of("node.dir", "node.rack", "cluster.nodes", "grpc.host", "http.port", "http.host")) {
      refused(Map.of("config." + key, "a"), "config." + key.replaceAll("^(node|cluster).*", "$1"));
      refused(Map.of("config." + key.replace(".", "\\."), "a"), "config." + key);
    }
    refused(Map.of("config.http.console.actions", "true"), "set console.enabled, console.actions");
    assertThat(render(Map.of("config.grpc.call-threads", "4"))).isNotEmpty();
  }

  private static void refused(Map<String, String> values, String why) {
    assertThatThrownBy(() -> render(values)).as(values.toString()).hasMessageContaining(why);
  }
}
