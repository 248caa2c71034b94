package io.flotilla.node.core;

import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A store's whole contents as text, to compare two stores byte by byte. */
public final class StoreRows {

  private static final byte[] ABOVE_ALL = HexFormat.of().parseHex("ff".repeat(64));

  private StoreRows() {}

  public static List<String> of(View view) {
    List<String> rows = new ArrayList<>();
    for (Table table : Table.values()) {
      rows.addAll(of(view, table));
    }
    return rows;
  }

  public static List<String> of(View view, Table table) {
    HexFormat hex = HexFormat.of();
    List<String> rows = new ArrayList<>();
    try (View.Cursor cursor = view.scan(table, new byte[0], ABOVE_ALL)) {
      while (cursor.next()) {
        rows.add(table + " " + hex.formatHex(cursor.key()) + "=" + hex.formatHex(cursor.value()));
      }
    }
    return rows;
  }
}
