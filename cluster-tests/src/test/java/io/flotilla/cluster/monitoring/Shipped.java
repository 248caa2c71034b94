package io.flotilla.cluster.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The dashboard and the rules as they are shipped. Stateless. */
final class Shipped {
  static final Path FOLDER =
      Path.of(System.getProperty("flotilla.home", ".."), "docker", "monitoring");
  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), (\\w+)\\)");

  private Shipped() {}

  static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(FOLDER.resolve("dashboard.json").toFile());
  }

  static List<JsonNode> rules() throws IOException {
    JsonNode file = new YAMLMapper().readTree(FOLDER.resolve("alerts.yaml").toFile());
    List<JsonNode> rules = new ArrayList<>();
    file.get("groups").forEach(group -> group.get("rules").forEach(rules::add));
    return rules;
  }

  /** All expressions, those of the dashboard's variables, too. */
  static List<String> expressions() throws IOException {
    List<String> all = new ArrayList<>();
    rules().forEach(rule -> all.add(rule.get("expr").asText()));
    dashboard()
        .get("panels")
        .forEach(
            panel -> panel.path("targets").forEach(target -> all.add(target.get("expr").asText())));
    for (JsonNode variable : dashboard().get("templating").get("list")) {
      Matcher query = LABEL_VALUES.matcher(variable.get("query").asText());
      if (query.matches()) {
        all.add("sum by (%s) (%s)".formatted(query.group(2), query.group(1)));
      }
    }
    return all;
  }
}
