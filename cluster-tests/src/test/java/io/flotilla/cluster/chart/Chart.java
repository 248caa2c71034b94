package io.flotilla.cluster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The chart, as release {@code prod} in the namespace {@code events}. */
final class Chart {
  static final Path FOLDER = Path.of(System.getProperty("flotilla.home", ".."), "helm", "flotilla");
  static final String NAMESPACE = "events";

  private Chart() {}

  /** What it makes of an operator's values, by Kubernetes' own models. */
  static List<HasMetadata> render(Map<String, String> values) {
    TemplateCommand template =
        new Helm(FOLDER).template().withName("prod").withNamespace(NAMESPACE);
    values.forEach(template::set);
    KubernetesSerialization yaml = new KubernetesSerialization();
    Object all =
        yaml.unmarshal(new ByteArrayInputStream(template.call().getBytes(StandardCharsets.UTF_8)));
    List<HasMetadata> resources = new ArrayList<>();
    (all instanceof Collection<?> many ? many : List.of(all))
        .forEach(one -> resources.add((HasMetadata) one));
    return resources;
  }

  static <T extends HasMetadata> T only(Class<T> type, List<HasMetadata> resources) {
    List<T> found = resources.stream().filter(type::isInstance).map(type::cast).toList();
    assertThat(found).as(type.getSimpleName()).hasSize(1);
    return found.get(0);
  }
}
