package io.flotilla.cluster.chart;

import static io.flotilla.cluster.chart.Chart.named;
import static io.flotilla.cluster.chart.Chart.only;
import static io.flotilla.cluster.chart.Chart.render;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.flotilla.node.config.ConfigLoader;
import io.flotilla.node.config.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  static Stream<Map<String, String>> values() {
    return Chart.VALUES.values().stream();
  }

  private static Map<String, String> values(String name) {
    return Objects.requireNonNull(Chart.VALUES.get(name), name);
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
    for (String name : List.of("alerts.yaml", "dashboard.json", "ALERTS.md")) {
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

  /** At night nobody looks for a file in a repository. */
  @Test
  void anAlertSaysWhereItsRunbookIs() {
    String beside = rules(render(Map.of("monitoring.rules.enabled", "true")));
    assertThat(beside)
        .contains("kubectl --namespace events describe configmap prod-flotilla-runbook")
        .doesNotContain("runbook_url");
    assertThat(
            named(
                    ConfigMap.class,
                    "prod-flotilla-runbook",
                    render(Map.of("monitoring.rules.enabled", "true")))
                .getData()
                .get("ALERTS.md"))
        .contains("## FlotillaNodeDown");

    List<HasMetadata> published =
        render(
            Map.of(
                "monitoring.rules.enabled", "true",
                "monitoring.rules.runbookBase", "https://wiki.example/flotilla"));
    assertThat(rules(published))
        .contains("\"runbook_url\":\"https://wiki.example/flotilla#flotillanodedown\"")
        .doesNotContain("docker/monitoring", "kubectl");
    assertThat(published).noneMatch(one -> one.getMetadata().getName().endsWith("-runbook"));
  }

  private static String rules(List<HasMetadata> resources) {
    return new ObjectMapper()
        .valueToTree(
            resources.stream()
                .filter(one -> one.getKind().equals("PrometheusRule"))
                .findFirst()
                .orElseThrow())
        .toString();
  }

  /** Prometheus asks nodes that are not ready, too, or an alert would call them down. */
  @Test
  void everyNodeIsWatchedAsOneJobOfTheCluster() {
    List<HasMetadata> resources = render(Map.of("monitoring.serviceMonitor.enabled", "true"));
    JsonNode monitor =
        new ObjectMapper()
            .valueToTree(
                resources.stream()
                    .filter(one -> one.getKind().equals("ServiceMonitor"))
                    .findFirst()
                    .orElseThrow());
    List<Service> watched =
        resources.stream()
            .filter(Service.class::isInstance)
            .map(Service.class::cast)
            .filter(
                service ->
                    monitor.at("/spec/selector/matchLabels").properties().stream()
                        .allMatch(
                            label ->
                                label
                                    .getValue()
                                    .asText()
                                    .equals(service.getMetadata().getLabels().get(label.getKey()))))
            .toList();
    assertThat(watched).hasSize(1);
    assertThat(watched.get(0).getSpec().getPublishNotReadyAddresses()).isTrue();
    assertThat(watched.get(0).getSpec().getPorts())
        .anyMatch(port -> port.getName().equals(monitor.at("/spec/endpoints/0/port").asText()));
    assertThat(monitor.at("/spec/endpoints/0/relabelings/0/replacement").asText())
        .isEqualTo("events/prod-flotilla");
  }

  @Test
  void theConsoleIsNotForWhoeverIsOutside() {
    List<HasMetadata> resources = render(values("outside"));
    ServiceSpec outside = named(Service.class, "prod-flotilla", resources).getSpec();
    assertThat(outside.getType()).isEqualTo("LoadBalancer");
    assertThat(outside.getLoadBalancerSourceRanges()).containsExactly("10.0.0.0/8");
    assertThat(outside.getPorts())
        .singleElement()
        .satisfies(
            port -> {
              assertThat(port.getName()).isEqualTo("grpc");
              assertThat(port.getNodePort()).isEqualTo(30_095);
            });
  }

  /** A pod that no service takes for a node, let in by the policy, with the nodes' own rights. */
  @Test
  void helmTestIsAPodOfItsOwn() {
    List<HasMetadata> resources = render(values("outside"));
    Pod test = only(Pod.class, resources);
    Map<String, String> labels = test.getMetadata().getLabels();
    assertThat(test.getMetadata().getAnnotations()).containsEntry(Chart.NO_HOOK, "test");
    assertThat(resources)
        .filteredOn(Service.class::isInstance)
        .allSatisfy(
            service ->
                assertThat(
                        labels
                            .entrySet()
                            .containsAll(((Service) service).getSpec().getSelector().entrySet()))
                    .isFalse());
    assertThat(only(NetworkPolicy.class, resources).getSpec().getIngress().get(0).getFrom())
        .anyMatch(
            peer ->
                peer.getPodSelector() != null
                    && labels
                        .entrySet()
                        .containsAll(peer.getPodSelector().getMatchLabels().entrySet()));
    var node = only(StatefulSet.class, resources).getSpec().getTemplate().getSpec();
    assertThat(test.getSpec().getSecurityContext()).isEqualTo(node.getSecurityContext());
    assertThat(test.getSpec().getContainers().get(0).getSecurityContext())
        .isEqualTo(node.getContainers().get(0).getSecurityContext());
  }

  /** Where the node would find it, with the same rights, and no data. */
  @Test
  void theConfigurationIsCheckedBeforeANodeBegins() {
    var pod = only(StatefulSet.class, render(values("passed"))).getSpec().getTemplate().getSpec();
    Container node = pod.getContainers().get(0);
    assertThat(pod.getInitContainers())
        .singleElement()
        .satisfies(
            check -> {
              assertThat(check.getArgs()).containsExactly("node", "--check");
              assertThat(check.getImage()).isEqualTo(node.getImage());
              assertThat(check.getEnv()).isEqualTo(node.getEnv());
              assertThat(check.getResources()).isEqualTo(node.getResources());
              assertThat(check.getSecurityContext()).isEqualTo(node.getSecurityContext());
              assertThat(check.getTerminationMessagePolicy()).isEqualTo("FallbackToLogsOnError");
              assertThat(check.getVolumeMounts())
                  .extracting(VolumeMount::getMountPath)
                  .containsExactly("/etc/flotilla", "/tmp", "/scratch");
            });
  }

  @Test
  void aPodHasItsTimeToLeave() {
    var pod =
        only(StatefulSet.class, render(Map.of("stop.waitSeconds", "15")))
            .getSpec()
            .getTemplate()
            .getSpec();
    assertThat(pod.getContainers().get(0).getLifecycle().getPreStop().getExec().getCommand())
        .containsExactly("sleep", "15");
    assertThat(pod.getTerminationGracePeriodSeconds())
        .as("what is waited counts")
        .isEqualTo(15 + 60);
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
