package io.flotilla.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.StartPosition;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class PositionConverterTest {

  private final PositionConverter converter = new PositionConverter();

  @Test
  void allFormsAreRead() {
    assertThat(converter.convert("earliest")).isEqualTo(StartPosition.earliest());
    assertThat(converter.convert("latest")).isEqualTo(StartPosition.latest());
    assertThat(converter.convert("offset:42")).isEqualTo(StartPosition.offset(42));
    assertThat(converter.convert("time:2026-11-22T10:00:00+01:00"))
        .isEqualTo(StartPosition.time(Instant.parse("2026-11-22T09:00:00Z")));
    assertThat(converter.convert("time:1312242084000"))
        .isEqualTo(StartPosition.time(Instant.ofEpochMilli(1_312_242_084_000L)));
  }

  @Test
  void aWhileAgoIsATime() {
    Instant before = Instant.now();
    StartPosition.AtTime position = (StartPosition.AtTime) converter.convert("-15m");
    Instant expected = before.minus(Duration.ofMinutes(15));
    assertThat(position.time()).isBetween(expected, expected.plusSeconds(60));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "first", "offset:", "offset:-1", "offset:x", "offset:99999999999999999999", "time:",
        "time:yesterday", "time:2026-11-22", "time:99999999999999999", "-", "-15", "-15y", "15m"
      })
  void anythingElseIsRefusedWithTheForms(String text) {
    assertThatThrownBy(() -> converter.convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("earliest, latest, offset:N");
  }
}
