package io.flotilla.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.StartPosition;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

/** Where to cut, as it is typed. */
final class BeforeConverterTest {

  private final BeforeConverter converter = new BeforeConverter();

  @Test
  void readsOffsetsTheEndAndTimes() {
    assertThat(converter.convert("120000")).isEqualTo(StartPosition.offset(120_000));
    assertThat(converter.convert("latest")).isEqualTo(StartPosition.latest());
    assertThat(converter.convert("time:2026-11-01T00:00:00Z"))
        .isEqualTo(StartPosition.time(Instant.parse("2026-11-01T00:00:00Z")));
  }

  @Test
  void refusesWhatIsNoPlaceToCut() {
    for (String bad : new String[] {"", "earliest", "yesterday", "99999999999999999999", "-1"}) {
      assertThatThrownBy(() -> converter.convert(bad))
          .as(bad)
          .isInstanceOf(TypeConversionException.class)
          .hasMessageContaining("not a place to cut");
    }
  }
}
