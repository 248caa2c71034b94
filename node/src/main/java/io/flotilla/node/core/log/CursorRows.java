package io.flotilla.node.core.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.proto.state.v1.CursorState;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads cursors of consumer groups from a store. Stateless; any thread. */
public final class CursorRows {

  private CursorRows() {}

  static byte[] key(LogPlace place, String group) {
    return place.key(group.getBytes(StandardCharsets.UTF_8));
  }

  static String group(byte[] key) {
    return new String(key, Long.BYTES, key.length - Long.BYTES, StandardCharsets.UTF_8);
  }

  /** A consumer group's cursor in a partition; null when it has none. */
  public static @Nullable CursorState read(View view, PartitionId partition, String group) {
    byte[] row = view.get(Table.CURSORS, key(LogPlace.of(view, partition), group));
    return row == null ? null : parse(partition, row);
  }

  /** All cursors in a partition, by consumer group. */
  public static Map<String, CursorState> all(View view, PartitionId partition) {
    LogPlace place = LogPlace.of(view, partition);
    Map<String, CursorState> all = new TreeMap<>();
    try (View.Cursor rows = view.scan(Table.CURSORS, place.from(), place.to())) {
      while (rows.next()) {
        all.put(group(rows.key()), parse(partition, rows.value()));
      }
    }
    return all;
  }

  private static CursorState parse(PartitionId partition, byte[] row) {
    try {
      return CursorState.parseFrom(row);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a cursor of " + partition + " cannot be read", e);
    }
  }
}
