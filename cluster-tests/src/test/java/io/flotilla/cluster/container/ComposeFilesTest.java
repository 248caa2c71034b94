package io.flotilla.cluster.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parts of {@code docker/compose.yaml} agree; {@link ComposeTest} starts it. */
class ComposeFilesTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void whatIsShippedFitsTogether() {
    assertThat(new ComposeFiles(Map.of()).faults()).isEmpty();
  }

  /** One change of one file each, as it slips in, and what is said of it. */
  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          compose.yaml | 3@flotilla-3:9095 | 3@flotilla-4:9095 | knows the nodes
          compose.yaml | 3@flotilla-3:9095 | 3@flotilla-2:9095 | a node refuses this
          compose.yaml | @flotilla-1:9095 | @flotilla-1:9195 | flotilla-1: publishes [9095, 9096]
          compose.yaml | :9095:9097,2@ | :9095:9099,2@ | the image should EXPOSE 9095 9096 9099
          compose.yaml | NODE_ID: 2} | NODE_ID: 1} | flotilla-2 is node 1, which is flotilla-1
          compose.yaml | hostname: flotilla-2 | hostname: flotilla | flotilla-2: its hostname
          compose.yaml | :-flotilla/flotilla:latest | :-flotilla:latest | not what build.sh builds
          build.sh | tag=flotilla/flotilla | tag=flotilla/node | not what build.sh builds
          compose.yaml | read_only: true | read_only: false | root is not read_only
          compose.yaml | cap_drop: [ALL] | cap_drop: [] | keeps capabilities
          compose.yaml | no-new-privileges:true | no-new-privileges:false | may gain privileges
          compose.yaml | /tmp:exec | /tmp:noexec | cannot load libraries
          compose.yaml | mem_limit: 1g | mem_limit: 512m | memory is not what is tested
          compose.yaml | 127.0.0.1:9195:9095 | 9195:9095 | is for anybody
          compose.yaml | 127.0.0.1:9195:9095 | 127.0.0.1:9095:9095 | is taken twice
          compose.yaml | 9296:9096 | 9296:9097 | flotilla-3: publishes [9095, 9097]
          compose.yaml | ["flotilla-3:/ | ["flotilla-2:/ | its volume is not its own
          compose.yaml | ["flotilla-3:/ | ["flotilla-4:/ | no volume flotilla-4
          compose.yaml | 3:/var/lib/flotilla" | 3:/data" | its volume is not its own
          compose.yaml | x-environment: & | name: & | name is not known to Compose of version 1
          compose.yaml | profiles: [monitoring] | profiles: [] | with the profile monitoring only
          compose.yaml | /alerts.yaml:ro | /alerts.yaml | prometheus: may write
          compose.yaml | ./monitoring/alerts.yaml: | ./monitoring/rules.yaml: | no file ./monitoring
          compose.yaml | ./monitoring/prometheus.yml: | ./monitoring/alerts.yaml: | not mounted
          compose.yaml | 127.0.0.1:9090:9090 | 9090:9090 | prometheus: is to be at port 9090
          compose.yaml | flotilla.json:ro | dashboards/f.json:ro | grafana: no dashboard is mounted
          compose.yaml | datasources/flotilla.yaml | sources/flotilla.yaml | data source is not
          compose.yaml | dashboards/flotilla.yaml | flotilla.yaml | provides its dashboards is not
          compose.yaml | 127.0.0.1:3000:3000 | 3000:3000 | grafana: is to be at port 3000
          node.yaml | port: 9096 | port: 9098 | does not ask at port 9098
          node.yaml | /var/lib/flotilla | /var/flotilla | /var/flotilla is not the image's volume
          Dockerfile | EXPOSE 9095 9096 | EXPOSE 9095 | should EXPOSE 9095 9096 9097
          Dockerfile | health", "ready" | health" | the health check does not ask
          health | :-9096} | :-8080} | the health check does not ask at port 9096
          monitoring/prometheus.yml | flotilla-2:9096 | flotilla-2:9095 | prometheus: reads
          monitoring/prometheus.yml | , "flotilla-3:9096" | `` | prometheus: reads
          monitoring/prometheus.yml | job_name: flotilla | job_name: nodes | of the job flotilla
          monitoring/prometheus.yml | alerts.yaml | rules.yaml | are not mounted
          monitoring/grafana/datasource.yaml | prometheus:9090 | prom:9090 | from prometheus:9090
          monitoring/grafana/provisioning.yaml | /dashboards | /boards | no dashboard is mounted
          """)
  void aFaultIsSeen(String file, String from, String to, String expected) {
    String text = ComposeFiles.text(file);
    String mutant = text.replace(from, to);
    assertThat(mutant).as("nothing is changed").isNotEqualTo(text);

    assertThat(new ComposeFiles(Map.of(file, mutant)).faults())
        .anyMatch(fault -> fault.contains(expected));
  }

  /** Prometheus' own opinion of it, with the rules where they are here. */
  @Test
  void prometheusTakesItsConfiguration(@TempDir Path folder) throws Exception {
    Tools.assume("Prometheus", "promtool --version");
    Path rules = ComposeFiles.FOLDER.resolve("monitoring/alerts.yaml");
    String shipped = ComposeFiles.text("monitoring/prometheus.yml");
    Path config = folder.resolve("prometheus.yml");

    Files.writeString(config, shipped.replace("/etc/prometheus/alerts.yaml", rules.toString()));
    Script.Result taken = check(folder);
    assertThat(taken.exitCode()).as(taken.output()).isZero();
    assertThat(taken.output()).contains("10 rules found");

    Files.writeString(config, shipped);
    assertThat(check(folder).exitCode()).as("rules that are not there").isNotZero();
    Files.writeString(config, shipped.replace("static_configs", "static_config"));
    assertThat(check(folder).exitCode()).as("a typing error").isNotZero();
  }

  private static Script.Result check(Path folder) {
    return Script.in(folder).run(SOON, "promtool", "check", "config", "prometheus.yml");
  }
}
