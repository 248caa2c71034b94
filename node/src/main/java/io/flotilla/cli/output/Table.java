package io.flotilla.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A table for people: no boxes, two blanks between columns, numbers to the right, the header once.
 * Columns are declared once and used for any number of rows; {@code wide} ones appear on request.
 * Confined to one thread.
 */
public final class Table<R> {

  /** No table is wider than this, unless asked for. */
  public static final int COLUMNS_MAX = 100;

  private static final int TEXT_COLUMN_MIN = 8;

  private record Column<R>(String header, boolean right, boolean wide, Function<R, Object> cell) {}

  private final List<Column<R>> columns = new ArrayList<>();

  /** Text. */
  public Table<R> text(String header, Function<R, Object> cell) {
    columns.add(new Column<>(header, false, false, cell));
    return this;
  }

  /** A number. */
  public Table<R> number(String header, Function<R, Object> cell) {
    columns.add(new Column<>(header, true, false, cell));
    return this;
  }

  /** Text that only {@code -o wide} shows. */
  public Table<R> wideText(String header, Function<R, Object> cell) {
    columns.add(new Column<>(header, false, true, cell));
    return this;
  }

  /** A number that only {@code -o wide} shows. */
  public Table<R> wideNumber(String header, Function<R, Object> cell) {
    columns.add(new Column<>(header, true, true, cell));
    return this;
  }

  /** The lines of the table, header first. */
  public List<String> render(List<R> rows, boolean wide) {
    List<Column<R>> shown = columns.stream().filter(c -> wide || !c.wide()).toList();
    List<List<String>> cells = new ArrayList<>();
    cells.add(shown.stream().map(Column::header).toList());
    for (R row : rows) {
      cells.add(shown.stream().map(c -> cell(c, row)).toList());
    }
    int[] widths = widths(cells, shown);
    if (!wide) {
      fit(widths, shown);
    }
    return cells.stream().map(line -> line(line, widths, shown)).toList();
  }

  private String cell(Column<R> column, R row) {
    Object value = column.cell().apply(row);
    if (value instanceof Long number) {
      return Text.count(number);
    }
    String text = Text.printable(String.valueOf(value));
    return text.isEmpty() ? Text.NONE : text;
  }

  private int[] widths(List<List<String>> cells, List<Column<R>> shown) {
    int[] widths = new int[shown.size()];
    for (List<String> line : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(line.get(i)));
      }
    }
    return widths;
  }

  /** Takes from the widest text column until everything fits. */
  private void fit(int[] widths, List<Column<R>> shown) {
    while (total(widths) > COLUMNS_MAX) {
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        if (!shown.get(i).right() && (widest < 0 || widths[i] > widths[widest])) {
          widest = i;
        }
      }
      if (widest < 0 || widths[widest] <= TEXT_COLUMN_MIN) {
        return;
      }
      widths[widest]--;
    }
  }

  private static int total(int[] widths) {
    int total = 2 * (widths.length - 1);
    for (int width : widths) {
      total += width;
    }
    return total;
  }

  private String line(List<String> cells, int[] widths, List<Column<R>> shown) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = Text.clip(cells.get(i), widths[i]);
      String padding = " ".repeat(widths[i] - width(cell));
      line.append(i == 0 ? "" : "  ");
      line.append(shown.get(i).right() ? padding + cell : cell + padding);
    }
    return line.toString().stripTrailing();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
