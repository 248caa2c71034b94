package io.flotilla.cluster.chart;

import static io.flotilla.cluster.chart.Chart.only;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What Kubernetes refuses to change of a set that is there, and what volumes and nodes are found
 * by, is as it was stored: an upgrade never meets a field that cannot be changed. {@code
 * -Dflotilla.chart.renew=true} stores new sets of values; what is stored is never changed by it.
 */
class FrozenTest {
  private static final Path STORED =
      Chart.FOLDER.resolve("../../cluster-tests/src/test/resources/chart/frozen.json");

  /** The fields that Kubernetes lets one change of a set; all others are frozen. */
  private static final List<String> CHANGEABLE =
      List.of(
          "replicas",
          "ordinals",
          "template",
          "updateStrategy",
          "persistentVolumeClaimRetentionPolicy",
          "minReadySeconds",
          "revisionHistoryLimit");

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  @Test
  void anUpgradeMeetsNoFieldThatCannotBeChanged() throws IOException {
    ObjectNode stored =
        Files.exists(STORED)
            ? (ObjectNode) JSON.readTree(STORED.toFile())
            : JSON.createObjectNode();
    for (Map.Entry<String, Map<String, String>> values : new TreeMap<>(Chart.VALUES).entrySet()) {
      JsonNode now = frozen(Chart.render(values.getValue()));
      if (Chart.renewing() && !stored.has(values.getKey())) {
        stored.set(values.getKey(), now);
      }
      assertThat(stored.path(values.getKey()).toPrettyString())
          .as("with the values " + values.getKey() + "; a set that is there could not be upgraded")
          .isEqualTo(now.toPrettyString());
    }
    if (Chart.renewing()) {
      Files.createDirectories(STORED.getParent());
      Files.writeString(STORED, JSON.writeValueAsString(stored) + "\n");
    }
    assertThat(stored.properties()).hasSameSizeAs(Chart.VALUES.entrySet());
  }

  private static JsonNode frozen(List<HasMetadata> resources) {
    StatefulSet set = only(StatefulSet.class, resources);
    ObjectNode spec = JSON.valueToTree(set.getSpec());
    CHANGEABLE.forEach(spec::remove);
    ObjectNode facts = JSON.createObjectNode();
    facts.put("set", set.getMetadata().getName());
    facts.set("spec", spec);
    ObjectNode services = facts.putObject("services");
    resources.stream()
        .filter(Service.class::isInstance)
        .map(Service.class::cast)
        .forEach(
            service -> {
              ObjectNode one = services.putObject(service.getMetadata().getName());
              one.put("clusterIP", service.getSpec().getClusterIP());
              one.set("selector", JSON.valueToTree(service.getSpec().getSelector()));
            });
    Map<String, String> labels = set.getSpec().getTemplate().getMetadata().getLabels();
    assertThat(labels).containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels());
    return facts;
  }
}
