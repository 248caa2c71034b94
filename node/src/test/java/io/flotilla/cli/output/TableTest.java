package io.flotilla.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TableTest {

  private record Row(String name, long count, String note) {}

  private static final Table<Row> TABLE =
      new Table<Row>()
          .text("NAME", Row::name)
          .number("COUNT", Row::count)
          .wideText("NOTE", Row::note);

  @Test
  void columnsAreTwoBlanksApartNumbersToTheRightAndNothingTrails() {
    List<Row> rows = List.of(new Row("orders", 101_229, "x"), new Row("a", 1, "y"));
    assertThat(TABLE.render(rows, false))
        .containsExactly("NAME      COUNT", "orders  101,229", "a             1");
  }

  @Test
  void wideShowsTheRest() {
    assertThat(TABLE.render(List.of(new Row("a", 1, "")), true))
        .containsExactly("NAME  COUNT  NOTE", "a         1  -");
  }

  @Test
  void aLongTextIsCutSoThatTheTableFitsAndWideCutsNothing() {
    List<Row> rows = List.of(new Row("x".repeat(200), 1, "y"));
    assertThat(TABLE.render(rows, false)).allMatch(line -> line.length() <= Table.COLUMNS_MAX);
    assertThat(TABLE.render(rows, false).get(1)).contains("…");
    assertThat(TABLE.render(rows, true).get(1)).contains("x".repeat(200));
  }

  @Test
  void foreignTextCannotMoveTheCursorOrFakeARow() {
    String evil = "a\u001b[2Jb\nc";
    assertThat(TABLE.render(List.of(new Row(evil, 1, "")), false).get(1))
        .startsWith("a\\u001b[2Jb\\nc");
  }
}
