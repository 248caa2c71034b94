package io.flotilla.cluster.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.monitoring.PromExpression.Selector;
import io.flotilla.proto.types.v1.ErrorReason;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The dashboard and the alert rules that are shipped ask for what nodes tell, and say what to do.
 */
class ShippedMonitoringTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** What Prometheus adds itself. */
  private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3).withHttp();

  @Test
  void everyMetricAndLabelThatIsAskedForExists() throws IOException {
    List<PromExpression> expressions =
        Shipped.expressions().stream().map(PromExpression::of).toList();
    assertThat(expressions).hasSizeGreaterThan(40);
    UsedCluster.use(cluster, "shipped");

    Await.untilNone(
        "everything that dashboard and rules ask for is told",
        SOON,
        () -> {
          UsedCluster.publish(cluster, "shipped", 1_000); // Sooner or later something is collected.
          Scrape told = Scrape.of(cluster);
          return expressions.stream().flatMap(one -> missing(one, told)).distinct().toList();
        });
  }

  @Test
  void theReferenceNamesWhatNodesTellAndNothingElse() throws IOException {
    UsedCluster.use(cluster, "referred");
    Set<String> named = new HashSet<>();
    Matcher names =
        Pattern.compile("\\| `(flotilla_\\w+)` \\| (\\w+)")
            .matcher(Files.readString(Shipped.FOLDER.resolve("METRICS.md")));
    while (names.find()) {
      boolean histogram = names.group(2).equals("histogram");
      Stream.of(histogram ? new String[] {"_bucket", "_sum", "_count", "_max"} : new String[] {""})
          .forEach(end -> named.add(names.group(1) + end));
    }
    named.removeIf(name -> name.startsWith("flotilla_partition_")); // Those are told elsewhere.

    assertThat(
            Scrape.of(cluster).series().stream()
                .map(Scrape.Series::name)
                .filter(name -> name.startsWith("flotilla_"))
                .distinct())
        .containsExactlyInAnyOrderElementsOf(named);
  }

  private static Stream<String> missing(PromExpression expression, Scrape told) {
    List<String> missing = new ArrayList<>();
    Set<String> known = new HashSet<>(OF_PROMETHEUS);
    for (Selector selector : expression.selectors()) {
      List<Scrape.Series> series = told.of(selector.metric());
      if (series.isEmpty() && !selector.metric().equals("up")) {
        missing.add(selector.metric());
      }
      series.forEach(one -> known.addAll(one.labels().keySet()));
      selector.matchers().forEach((label, value) -> match(selector, label, value, told, missing));
    }
    expression.groupings().stream()
        .filter(label -> !known.contains(label))
        .forEach(label -> missing.add("label " + label + " to group by"));
    return missing.stream();
  }

  private static void match(
      Selector selector, String label, String value, Scrape told, List<String> missing) {
    String name = selector.metric() + "{" + label + value + "}";
    List<String> values =
        told.of(selector.metric()).stream()
            .map(one -> one.labels().getOrDefault(label, ""))
            .filter(one -> !one.isEmpty())
            .toList();
    if (OF_PROMETHEUS.contains(label) || value.contains("$")) {
      if (values.isEmpty() && !OF_PROMETHEUS.contains(label)) {
        missing.add(name);
      }
      return;
    }
    Set<String> possible = new HashSet<>(values);
    if (label.equals("reason")) { // Most of them are not seen in a cluster that is well.
      Stream.of(ErrorReason.values())
          .forEach(reason -> possible.add(reason.name().replace("ERROR_REASON_", "")));
      possible.add("CANCELLED");
    }
    for (String one : value.replaceFirst("^(=~|!~|!=|=)", "").split("\\|", -1)) {
      if (!possible.contains(one)) {
        missing.add(name + ": " + one);
      }
    }
  }

  @Test
  void theDashboardHasTwentyPanelsInFiveRows() throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    List<JsonNode> panels = new ArrayList<>();
    Shipped.dashboard()
        .get("panels")
        .forEach(one -> (one.get("type").asText().equals("row") ? rows : panels).add(one));
    assertThat(rows).hasSize(5);
    assertThat(panels).hasSize(20);
    assertThat(panels)
        .allSatisfy(panel -> assertThat(panel.get("description").asText()).isNotEmpty());
  }

  @Test
  void everyAlertSaysWhatItMeansAndWhereItIsWrittenWhatToDo() throws IOException {
    List<String> headings =
        Files.readAllLines(Shipped.FOLDER.resolve("ALERTS.md")).stream()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3))
            .toList();
    assertThat(Shipped.rules()).hasSize(10);
    assertThat(Shipped.rules()).extracting(rule -> rule.get("alert").asText()).isEqualTo(headings);
    for (JsonNode rule : Shipped.rules()) {
      String name = rule.get("alert").asText();
      JsonNode notes = rule.get("annotations");
      assertThat(rule.get("labels").get("severity").asText()).as(name).isIn("page", "warn");
      assertThat(notes.get("summary").asText()).as(name).contains("{{ $labels.job }}");
      assertThat(notes.get("description").asText()).as(name).contains("{{ $value");
      assertThat(notes.get("runbook_url").asText())
          .isEqualTo("docker/monitoring/ALERTS.md#" + name.toLowerCase(Locale.ROOT));
    }
  }

  @Test
  void theRunbookHasAnAnswerUnderEachHeading() throws IOException {
    String[] parts = Files.readString(Shipped.FOLDER.resolve("ALERTS.md")).split("\n## ", -1);
    assertThat(parts).hasSize(11);
    for (int i = 1; i < parts.length; i++) {
      assertThat(parts[i]).contains("**Means**:", "**Look at**:", "**Do**:");
    }
  }

  @Test
  void theRecogniserFindsNamesAndRefusesWhatItDoesNotKnow() {
    PromExpression expression =
        PromExpression.of(
            "sum by (le, node) (rate(a_bucket{x=~\"b|c\", y!=\"d\"}[5m])) / on (job) up > 1e");
    assertThat(expression.selectors())
        .containsExactly(
            new Selector("a_bucket", Map.of("x", "=~b|c", "y", "!=d")),
            new Selector("up", Map.of()));
    assertThat(expression.groupings()).containsExactly("le", "node", "job");
    for (String bad : List.of("guess(a)", "sum(a", "a)", "1 + 2", "a ? b")) {
      assertThatThrownBy(() -> PromExpression.of(bad)).as(bad).isNotNull();
    }
  }
}
