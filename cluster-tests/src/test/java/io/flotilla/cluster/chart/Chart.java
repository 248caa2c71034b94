package io.flotilla.cluster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The chart, as release {@code prod} in the namespace {@code events}. */
final class Chart {
  static final Path FOLDER = Path.of(System.getProperty("flotilla.home", ".."), "helm", "flotilla");
  static final String NAMESPACE = "events";

  /** The oldest Kubernetes that the chart is for. */
  private static final String OLDEST = "1.27.0";

  /** The annotation of a hook, in what is rendered here. */
  static final String NO_HOOK = "was.helm.sh/hook";

  /** Values that an operator may well set, by a name. */
  static final Map<String, Map<String, String>> VALUES =
      Map.of(
          "alone",
          Map.of("replicas", "1", "storage.retainOnDelete", "false", "rackLabel", ""),
          "default",
          Map.of(),
          "five",
          Map.of("replicas", "5", "image.digest", "sha256:" + "0".repeat(64)),
          "monitored",
          Map.of(
              "monitoring.serviceMonitor.enabled", "true",
              "monitoring.rules.enabled", "true",
              "monitoring.dashboard.enabled", "true",
              "networkPolicy.enabled", "false"),
          "outside",
          Map.of(
              "service.type", "LoadBalancer",
              "service.nodePort", "30095",
              "service.sourceRanges[0]", "10.0.0.0/8",
              "storage.className", "fast",
              "serviceAccount.create", "false",
              "networkPolicy.allowFrom[0].namespaceSelector.matchLabels.team", "orders"),
          "passed",
          Map.ofEntries(
              Map.entry("nameOverride", "events"),
              Map.entry("commonLabels.team", "orders"),
              Map.entry("updateStrategy", "OnDelete"),
              Map.entry("console.enabled", "false"),
              Map.entry("pod.nodeSelector.disk", "nvme"),
              Map.entry("pod.securityContext.supplementalGroups[0]", "2000"),
              Map.entry("extra.env[0].name", "FLOTILLA_TOPICS_RETENTION_TIME"),
              Map.entry("extra.env[0].value", "3d"),
              Map.entry("extra.volumes[0].name", "scratch"),
              Map.entry("extra.volumes[0].emptyDir.sizeLimit", "1Mi"),
              Map.entry("extra.mounts[0].name", "scratch"),
              Map.entry("extra.mounts[0].mountPath", "/scratch"),
              Map.entry("extra.objects[0].apiVersion", "v1"),
              Map.entry("extra.objects[0].kind", "ConfigMap"),
              Map.entry("extra.objects[0].metadata.name", "{{ .Release.Name }}-notes"),
              Map.entry(
                  "extra.objects[0].metadata.labels.app\\.kubernetes\\.io/instance", "prod")));

  private Chart() {}

  /** Stored facts are written anew, by who looks at the difference: -Dflotilla.chart.renew=true. */
  static boolean renewing() {
    return Boolean.getBoolean("flotilla.chart.renew");
  }

  /** What it makes of an operator's values, by Kubernetes' own models. */
  static List<HasMetadata> render(Map<String, String> values) {
    TemplateCommand template =
        new Helm(withoutHooks())
            .template()
            .withName("prod")
            .withNamespace(NAMESPACE)
            .withKubeVersion(OLDEST);
    values.forEach(template::set);
    KubernetesSerialization yaml = new KubernetesSerialization();
    Object all =
        yaml.unmarshal(new ByteArrayInputStream(template.call().getBytes(StandardCharsets.UTF_8)));
    List<HasMetadata> resources = new ArrayList<>();
    (all instanceof Collection<?> many ? many : List.of(all))
        .forEach(one -> resources.add((HasMetadata) one));
    return resources;
  }

  /**
   * Hooks are not rendered by a library, so what is one, the pod of helm test, is none in a copy.
   */
  private static synchronized Path withoutHooks() {
    return copy(
        FOLDER.resolve("../../cluster-tests/target/chart/flotilla"),
        text -> text.replace("helm.sh/hook", NO_HOOK));
  }

  /** The chart with every file changed; answers its folder. */
  static Path copy(Path folder, UnaryOperator<String> change) {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = folder.resolve(FOLDER.relativize(file));
        Files.createDirectories(to.getParent());
        Files.writeString(to, change.apply(Files.readString(file)));
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T extends HasMetadata> T only(Class<T> type, List<HasMetadata> resources) {
    List<T> found = resources.stream().filter(type::isInstance).map(type::cast).toList();
    assertThat(found).as(type.getSimpleName()).hasSize(1);
    return found.get(0);
  }

  static <T extends HasMetadata> T named(Class<T> type, String name, List<HasMetadata> resources) {
    return resources.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(one -> one.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + type.getSimpleName() + " " + name));
  }
}
