package io.flotilla.cli.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.cli.error.Failures.Asked;
import io.flotilla.cli.output.Format;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.FlotillaClientException.Details;
import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.ServerAttempt;
import io.flotilla.client.ServerAttempt.Reached;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every error says what was asked, where, why, and what to do. */
final class FailuresTest {

  private static final Format JSON = Format.parse("json").orElseThrow();

  static Stream<ErrorReason> reasons() {
    return Stream.of(ErrorReason.values())
        .filter(reason -> reason != ErrorReason.UNRECOGNIZED)
        .filter(reason -> reason != ErrorReason.ERROR_REASON_UNSPECIFIED);
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void everyReasonHasFourLinesAndTheSameAsJson(ErrorReason reason) throws Exception {
    ErrorReport report = report(failure(Kind.REFUSED, reason, List.of()));
    List<String> lines = report.lines(Format.TABLE);
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).isEqualTo("error: cannot look: no (" + Catalogue.name(reason) + ")");
    assertThat(lines.get(1)).isEqualTo("  asked   a:1 (connected, TLS no, gRPC ok) for 1.5 s");
    assertThat(lines.get(2)).startsWith("  because ").hasSizeGreaterThan(20);
    assertThat(lines.get(3)).startsWith("  do      ").hasSizeGreaterThan(20);

    JsonNode json = new ObjectMapper().readTree(String.join("\n", report.lines(JSON)));
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly("reason", "code", "message", "where", "because", "hint", "docs");
    assertThat(json.get("reason").asText()).isEqualTo(Catalogue.name(reason));
    assertThat(json.get("code").asInt()).isEqualTo(Catalogue.exitCode(reason).number());
  }

  @Test
  void scriptsCanTrustTheExitCodes() {
    assertThat(Catalogue.exitCode(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND)).isEqualTo(ExitCode.NO);
    assertThat(Catalogue.exitCode(ErrorReason.ERROR_REASON_TOPIC_EXISTS)).isEqualTo(ExitCode.NO);
    assertThat(Catalogue.exitCode(ErrorReason.ERROR_REASON_INVALID_ARGUMENT))
        .isEqualTo(ExitCode.USAGE);
    assertThat(Catalogue.exitCode(ErrorReason.ERROR_REASON_LEADER_UNKNOWN))
        .isEqualTo(ExitCode.UNREACHABLE);
    assertThat(Catalogue.exitCode(ErrorReason.ERROR_REASON_OUTCOME_UNKNOWN))
        .isEqualTo(ExitCode.UNKNOWN_OUTCOME);
  }

  @ParameterizedTest
  @EnumSource(Reached.class)
  void withoutAReasonTheLadderSaysHowFarItCame(Reached reached) {
    ServerAttempt attempt = new ServerAttempt("b:2", reached, "it broke");
    ErrorReport report = report(failure(Kind.UNREACHABLE, null, List.of(attempt)));
    assertThat(report.code()).isEqualTo(ExitCode.UNREACHABLE.number());
    assertThat(report.reason()).isEqualTo("UNREACHABLE");
    assertThat(report.where()).isEqualTo("b:2 (" + Failures.ladder(reached) + ") for 1.5 s");
    assertThat(report.because()).isEqualTo("it broke");
    assertThat(report.hint()).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyKindWithoutAReasonHasBecauseAndDo(Kind kind) {
    ErrorReport report = report(failure(kind, null, List.of()));
    assertThat(report.because()).isNotEmpty();
    assertThat(report.hint()).isNotEmpty();
    assertThat(report.lines(Format.TABLE)).hasSize(4);
  }

  @Test
  void theRemedyNamesTheTopicInQuestion() {
    FlotillaClientException missing =
        failure(Kind.REFUSED, ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND, List.of());
    assertThat(report(missing).hint()).contains("flotilla topic create orders");
  }

  @Test
  void theRemedyNamesTheGroupInQuestion() {
    FlotillaClientException busy =
        failure(Kind.REFUSED, ErrorReason.ERROR_REASON_GROUP_NOT_EMPTY, List.of());
    assertThat(report(busy).hint()).endsWith("flotilla group describe billing");
  }

  @Test
  void aRefusedPermissionHasItsOwnExitCode() {
    FlotillaClientException refused =
        new FlotillaClientException(Kind.REFUSED, "no", Details.of("PERMISSION_DENIED"), null);
    assertThat(report(refused).code()).isEqualTo(ExitCode.FORBIDDEN.number());
  }

  @Test
  void factsOfTheRefusalAreShown() {
    Details details =
        new Details(
            ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE,
            "OUT_OF_RANGE",
            Map.of("log_start", "3", "end", "9"),
            null,
            List.of());
    FlotillaClientException refused =
        new FlotillaClientException(Kind.REFUSED, "no", details, null);
    assertThat(report(refused).because()).endsWith("(end=9, log_start=3)");
  }

  private static ErrorReport report(FlotillaClientException failure) {
    return Failures.of(
            new Asked("cannot look", "orders", "billing"), "a:1", Duration.ofMillis(1_500), failure)
        .report();
  }

  private static FlotillaClientException failure(
      Kind kind, @Nullable ErrorReason reason, List<ServerAttempt> attempts) {
    return new FlotillaClientException(
        kind, "no", new Details(reason, "UNAVAILABLE", Map.of(), null, attempts), null);
  }
}
