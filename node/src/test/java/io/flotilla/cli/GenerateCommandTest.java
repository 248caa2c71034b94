package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command line writes is what the repository ships, to the byte: there is one source. */
final class GenerateCommandTest {

  @ParameterizedTest
  @CsvSource({"grafana, dashboard.json", "prometheus-rules, alerts.yaml"})
  void theFileOfTheRepositoryIsWritten(String verb, String file) throws Exception {
    Path monitoring = Path.of("").toAbsolutePath().resolveSibling("docker/monitoring");
    String shipped = Files.readString(monitoring.resolve(file));
    CommandLineRun run = CommandLineRun.of("generate", verb);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo(shipped.stripTrailing() + "\n");
    assertThat(run.err()).as("where to put it is not part of it").startsWith("note: ");
    String json = CommandLineRun.of("generate", verb, "-o", "json").out();
    assertThat(new ObjectMapper().readTree(json).get("content").asText()).isEqualTo(shipped);
  }
}
