package io.flotilla.cluster.chart;

import static io.flotilla.cluster.chart.Chart.only;
import static io.flotilla.cluster.chart.Chart.render;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.flotilla.node.config.ConfigLoader;
import io.flotilla.node.config.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart renders is valid, complete, and starts nodes that find each other. */
class HelmChartTest {
  private static final Path CHART = Chart.FOLDER;

  /** Values that an operator may well set. */
  static Stream<Map<String, String>> values() {
    return Stream.of(
        Map.of(),
        Map.of("replicas", "1", "storage.retainOnDelete", "false", "rackLabel", ""),
        Map.of("replicas", "5", "image.digest", "sha256:" + "0".repeat(64)),
        Map.of("monitoring.serviceMonitor.enabled", "true", "networkPolicy.enabled", "false"),
        Map.of("monitoring.rules.enabled", "true", "monitoring.dashboard.enabled", "true"),
        Map.of(
            "service.type",
            "LoadBalancer",
            "storage.className",
            "fast",
            "pod.nodeSelector.disk",
            "nvme",
            "serviceAccount.create",
            "false",
            "networkPolicy.allowFrom[0].namespaceSelector.matchLabels.team",
            "orders"));
  }

  @Test
  void theChartHasNoFaultsThatHelmKnowsOf() {
    LintResult result = new Helm(CHART).lint().strict().call();
    assertThat(result.getMessages()).noneMatch(message -> message.contains("ERROR"));
    assertThat(result.isFailed()).isFalse();
  }

  /** Kubernetes refuses what it does not know, or worse, ignores it. */
  @ParameterizedTest
  @MethodSource("values")
  void everythingThatIsRenderedIsKnownToKubernetes(Map<String, String> values) {
    ObjectMapper json = new ObjectMapper();
    for (HasMetadata resource : render(values)) {
      if (!(resource instanceof GenericKubernetesResource)) {
        JsonNode whole = json.valueToTree(resource);
        assertThat(unknown(resource, resource.getKind())).as(whole.toString()).isEmpty();
      }
      assertThat(resource.getMetadata().getLabels())
          .containsEntry("app.kubernetes.io/instance", "prod");
    }
  }

  /** The fields that the model has no name for. */
  private static List<String> unknown(Object model, String path) {
    List<String> found = new ArrayList<>();
    for (var method : model.getClass().getMethods()) {
      if (method.getParameterCount() != 0 || !method.getName().startsWith("get")) {
        continue;
      }
      Object value = value(model, method);
      String at = path + "." + method.getName().substring("get".length());
      if (method.getName().equals("getAdditionalProperties")) {
        ((Map<?, ?>) value).keySet().forEach(key -> found.add(path + "." + key));
      } else if (value instanceof Collection<?> many) {
        many.stream().filter(HelmChartTest::isModel).forEach(one -> found.addAll(unknown(one, at)));
      } else if (isModel(value)) {
        found.addAll(unknown(value, at));
      }
    }
    return found;
  }

  private static Object value(Object model, java.lang.reflect.Method getter) {
    try {
      Object value = getter.invoke(model);
      return value == null ? "" : value;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isModel(Object value) {
    return value.getClass().getName().startsWith("io.fabric8.kubernetes.api.model");
  }

  /** A chart can only read files of its own, so they are copied into it. */
  @Test
  void rulesAndDashboardAreThoseThatAreShipped() throws IOException {
    for (String name : List.of("alerts.yaml", "dashboard.json")) {
      assertThat(Files.readString(CHART.resolve("files").resolve(name)))
          .as("cp docker/monitoring/%s helm/flotilla/files/", name)
          .isEqualTo(Files.readString(CHART.resolve("../../docker/monitoring").resolve(name)));
    }
    List<HasMetadata> resources =
        render(Map.of("monitoring.rules.enabled", "true", "monitoring.dashboard.enabled", "true"));
    assertThat(resources)
        .filteredOn(one -> one.getKind().equals("PrometheusRule"))
        .singleElement()
        .satisfies(
            rules ->
                assertThat(new ObjectMapper().valueToTree(rules).toString())
                    .contains("FlotillaNodeDown", "{{ $value }} partitions have no leader"));
    assertThat(resources)
        .filteredOn(one -> one.getMetadata().getName().equals("prod-flotilla-dashboard"))
        .singleElement()
        .satisfies(
            map ->
                assertThat(
                        new ObjectMapper()
                            .readTree(((ConfigMap) map).getData().get("flotilla.json"))
                            .get("panels"))
                    .hasSize(25));
  }

  @Test
  void aTypingErrorInTheValuesIsRefused() {
    assertThatThrownBy(() -> render(Map.of("storage.sise", "1Gi"))).hasMessageContaining("sise");
    assertThatThrownBy(() -> render(Map.of("replicas", "4"))).hasMessageContaining("replicas");
  }

  /** The configuration and the environment of a pod, read by what reads them there. */
  @Test
  void eachPodIsANodeOfTheSameCluster(@TempDir Path folder) throws IOException {
    List<HasMetadata> resources =
        render(Map.of("replicas", "5", "config.topics.retention-time", "3d"));
    StatefulSet set = only(StatefulSet.class, resources);
    Path file =
        Files.writeString(
            folder.resolve("node.yaml"),
            only(ConfigMap.class, resources).getData().get("node.yaml"));
    Container container = set.getSpec().getTemplate().getSpec().getContainers().get(0);
    Map<String, String> environment =
        container.getEnv().stream()
            .filter(variable -> variable.getValue() != null)
            .collect(
                Collectors.toMap(EnvVar::getName, EnvVar::getValue, (a, b) -> a, TreeMap::new));

    for (int node = 1; node <= set.getSpec().getReplicas(); node++) {
      environment.put("FLOTILLA_NODE_ID", Integer.toString(node)); // As docker/entrypoint does.
      NodeConfig config = ConfigLoader.load(file, environment);

      assertThat(config.nodes()).hasSize(5);
      assertThat(config.self().host())
          .isEqualTo(
              "%s-%d.%s.events.svc"
                  .formatted(
                      set.getMetadata().getName(), node - 1, set.getSpec().getServiceName()));
      assertThat(config.dir()).hasToString("/var/lib/flotilla");
      assertThat(config.topics().retentionTime()).hasDays(3);
      assertThat(container.getPorts())
          .anySatisfy(p -> assertThat(p.getContainerPort()).isEqualTo(config.self().grpcPort()))
          .anySatisfy(p -> assertThat(p.getContainerPort()).isEqualTo(config.self().raftPort()))
          .anySatisfy(p -> assertThat(p.getContainerPort()).isEqualTo(config.http().port()));
    }
  }

  /** Kubernetes refuses to change these of a set that is there: an upgrade would fail. */
  @Test
  void whatCanNeverChangeIsAsInTheFirstRelease() {
    StatefulSet set = only(StatefulSet.class, render(Map.of()));
    assertThat(set.getMetadata().getName()).isEqualTo("prod-flotilla");
    assertThat(set.getSpec().getServiceName()).isEqualTo("prod-flotilla-nodes");
    assertThat(set.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
    assertThat(set.getSpec().getSelector().getMatchLabels())
        .containsOnly(
            Map.entry("app.kubernetes.io/name", "flotilla"),
            Map.entry("app.kubernetes.io/instance", "prod"));
    assertThat(set.getSpec().getVolumeClaimTemplates())
        .singleElement()
        .satisfies(claim -> assertThat(claim.getMetadata().getName()).isEqualTo("data"));
  }

  @Test
  void aPodIsKilledOnlyWhenItsOwnProcessFails() {
    StatefulSet set = only(StatefulSet.class, render(Map.of()));
    var pod = set.getSpec().getTemplate().getSpec();
    Container container = pod.getContainers().get(0);
    assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/live");
    assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo("/live");
    assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/ready");
    int startSeconds =
        container.getStartupProbe().getFailureThreshold()
            * container.getStartupProbe().getPeriodSeconds();
    assertThat(startSeconds).isGreaterThanOrEqualTo(3_600);
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
  }
}
