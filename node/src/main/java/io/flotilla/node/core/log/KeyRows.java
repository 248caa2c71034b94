package io.flotilla.node.core.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.KeyState;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The latest event of each key, in table KEYS. Confined to the thread that applies. */
record KeyRows(LogPlace place, WriteBatch batch) {

  @Nullable KeyState get(ByteString key) {
    byte[] row = batch.get(Table.KEYS, row(key));
    return row == null ? null : parse(row);
  }

  void put(ByteString key, long offset, long baseOffset) {
    KeyState state = KeyState.newBuilder().setOffset(offset).setBaseOffset(baseOffset).build();
    batch.put(Table.KEYS, row(key), state.toByteArray());
  }

  void remove(ByteString key) {
    batch.delete(Table.KEYS, row(key));
  }

  /**
   * Removes keys whose latest event is below an offset.
   *
   * @param from the key to begin with
   * @param count rows to look at
   * @return the key to go on with; null when all have been seen
   */
  @Nullable ByteString sweep(ByteString from, long belowOffset, int count) {
    int left = count;
    try (View.Cursor rows = batch.scan(Table.KEYS, row(from), Keys.of(place.number() + 1))) {
      while (rows.next()) {
        byte[] key = rows.key();
        if (left-- == 0) {
          return ByteString.copyFrom(key, Long.BYTES, key.length - Long.BYTES);
        }
        if (parse(rows.value()).getOffset() < belowOffset) {
          batch.delete(Table.KEYS, key);
        }
      }
    }
    return null;
  }

  private byte[] row(ByteString key) {
    ByteBuffer row = ByteBuffer.allocate(Long.BYTES + key.size()).putLong(place.number());
    key.copyTo(row);
    return row.array();
  }

  private KeyState parse(byte[] row) {
    try {
      return KeyState.parseFrom(row);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a key's row of " + place.partition() + " is unreadable", e);
    }
  }
}
