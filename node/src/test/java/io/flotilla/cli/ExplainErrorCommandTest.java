package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever reads a reason in an error finds out what it means. */
final class ExplainErrorCommandTest {

  @Test
  void everyReasonOfTheCatalogueIsExplained() throws Exception {
    JsonNode rows =
        new ObjectMapper().readTree(CommandLineRun.of("explain", "error", "-o", "json").out());
    List<String> explained = new ArrayList<>();
    for (JsonNode row : rows) {
      explained.add(row.get("reason").asText());
      assertThat(row.get("because").asText()).as("%s", row).isNotBlank();
      assertThat(row.get("hint").asText()).as("%s", row).isNotBlank();
      assertThat(row.get("retry").asText()).as("%s", row).isNotBlank();
      assertThat(row.get("exit_code").asInt()).as("%s", row).isPositive();
    }
    for (ErrorReason reason : ErrorReason.values()) {
      if (reason != ErrorReason.ERROR_REASON_UNSPECIFIED && reason != ErrorReason.UNRECOGNIZED) {
        assertThat(explained).contains(reason.name().replace("ERROR_REASON_", ""));
      }
    }
    assertThat(explained).contains("UNREACHABLE", "USAGE", "LOCAL").doesNotHaveDuplicates();
  }

  @Test
  void aReasonIsFoundHoweverItIsWritten() {
    String said = CommandLineRun.of("explain", "error", "TOPIC_NOT_FOUND").out();
    assertThat(said.lines())
        .hasSize(4)
        .first()
        .isEqualTo("TOPIC_NOT_FOUND (gRPC NOT_FOUND, exit code 1)");
    assertThat(said).contains("because there is no topic", "do      create it", "retry   no");
    assertThat(CommandLineRun.of("explain", "topic-not-found").out()).isEqualTo(said);
    assertThat(CommandLineRun.of("explain", "ERROR_REASON_TOPIC_NOT_FOUND").out()).isEqualTo(said);
  }

  @Test
  void anUnknownReasonIsAUsageError() {
    CommandLineRun run = CommandLineRun.of("explain", "error", "BAD_MOOD");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("BAD_MOOD", "flotilla explain error");
  }

  @Test
  void theWordErrorMayBeLeftOut() {
    String all = CommandLineRun.of("explain", "error").out();
    assertThat(CommandLineRun.of("explain").out()).isEqualTo(all).contains("DISK_FULL");
    assertThat(CommandLineRun.of("explain", "DISK_FULL", "-o", "json").out())
        .isEqualTo(CommandLineRun.of("explain", "error", "DISK_FULL", "-o", "json").out());
    assertThat(CommandLineRun.of("explain", "--help").out())
        .contains("Usage: flotilla explain", "partition", "group");
    assertThat(CommandLineRun.of("explain", "partition", "orders").err())
        .contains("\"orders\" is not TOPIC/PARTITION");
  }
}
