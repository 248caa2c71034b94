package io.flotilla.cluster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import io.flotilla.cli.Main;
import io.flotilla.cli.output.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Helm prints after an installation leads to the first event, and to what comes next. */
class NotesTest {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @TempDir Path folder;

  /** Helm takes a client for an old Kubernetes when there is none to ask. */
  private String notes(Map<String, String> values) {
    Path chart = Chart.copy(folder, text -> text.replaceAll("kubeVersion:.*", ""));
    InstallCommand install =
        new Helm(chart)
            .install()
            .withName("prod")
            .withNamespace(Chart.NAMESPACE)
            .dryRun()
            .clientOnly();
    values.forEach(install::set);
    String output = install.call().getOutput();
    assertThat(output).contains("NOTES:");
    return output.substring(output.indexOf("NOTES:"));
  }

  @Test
  void threeCommandsThatExistLeadToTheFirstEvent() {
    List<String> commands =
        notes(Map.of()).lines().map(String::strip).filter(l -> l.startsWith("flotilla ")).toList();
    assertThat(commands).hasSize(3);
    for (String command : commands) {
      List<String> words = new ArrayList<>();
      Matcher word = WORD.matcher(command.substring("flotilla ".length()));
      while (word.find()) {
        words.add(word.group(1) == null ? word.group(2) : word.group(1));
      }
      words.addAll(List.of("--output", "schema")); // Everything but doing it.
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      Terminal terminal =
          new Terminal(
              InputStream.nullInputStream(), new ByteArrayOutputStream(), err, "", Map.of());
      assertThat(Main.run(words.toArray(String[]::new), terminal))
          .as(command + ": " + err.toString(StandardCharsets.UTF_8))
          .isZero();
    }
  }

  @Test
  void theySpeakOfWhatIsThere() {
    assertThat(notes(Map.of()))
        .contains(
            "3 nodes, each of which is ready",
            "kubectl --namespace events port-forward prod-flotilla-0 9096",
            "kubectl --namespace events logs prod-flotilla-0 --container check",
            "helm test prod --namespace events",
            "prod-flotilla.events.svc:9095",
            "monitoring.rules.enabled")
        .doesNotContain("outside");
    assertThat(
            notes(
                Map.of(
                    "replicas", "1",
                    "console.enabled", "false",
                    "service.type", "LoadBalancer",
                    "monitoring.rules.enabled", "true")))
        .contains("one node, which is ready", "and those outside", "networkPolicy.allowFrom.")
        .doesNotContain("port-forward", "monitoring.rules");
  }
}
