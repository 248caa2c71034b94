package io.flotilla.cli.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.cli.group.GroupResetCommand.Row;
import io.flotilla.client.GroupReset;
import io.flotilla.client.StartPosition;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

final class GroupResetCommandTest {

  @Test
  void aRowSaysWhatIsRepeatedAndWhatIsSkipped() {
    List<Row> rows =
        List.of(
            Row.of(new GroupReset(0, 1_200L, 0), false),
            Row.of(new GroupReset(1, 5L, 25), false),
            Row.of(new GroupReset(2, null, 3), false),
            Row.of(new GroupReset(3, 4L, 4), false));
    assertThat(GroupResetCommand.table(true).render(rows, false))
        .containsExactly(
            "PARTITION    OLD  WOULD BE  REPEATED  SKIPPED",
            "        0  1,200         0     1,200        0",
            "        1      5        25         0       20",
            "        2      -         3         -        -",
            "        3      4         4         0        0");
    assertThat(rows).extracting(Row::changes).containsExactly(true, true, true, false);
  }

  @Test
  void whereToIsAnOffsetOrAPosition() {
    ToConverter converter = new ToConverter();
    assertThat(converter.convert("120000")).isEqualTo(StartPosition.offset(120_000));
    assertThat(converter.convert("latest")).isEqualTo(StartPosition.latest());
    assertThat(converter.convert("-15m")).isInstanceOf(StartPosition.AtTime.class);
    assertThatThrownBy(() -> converter.convert("99999999999999999999"))
        .isInstanceOf(TypeConversionException.class);
    assertThatThrownBy(() -> converter.convert("there"))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("earliest, latest, OFFSET");
  }
}
