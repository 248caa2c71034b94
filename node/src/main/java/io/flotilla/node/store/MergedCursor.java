package io.flotilla.node.store;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a store with a batch's changes over them, in one order. Confined to one thread.
 * Closing it closes the cursor below.
 */
final class MergedCursor implements View.Cursor {

  private final View.Cursor below;
  private final Iterator<Map.Entry<byte[], byte @Nullable []>> over;
  private final Predicate<byte[]> hidden;
  private final int direction;

  private byte @Nullable [] belowKey;
  private Map.@Nullable Entry<byte[], byte @Nullable []> overRow;
  private boolean started;
  private byte @Nullable [] key;
  private byte @Nullable [] value;

  /**
   * @param over the changed rows, in the cursor's direction; null as a value means deleted
   * @param hidden true for the keys below that the changes replace or delete
   */
  MergedCursor(
      View.Cursor below,
      SortedMap<byte[], byte @Nullable []> over,
      Predicate<byte[]> hidden,
      boolean backward) {
    this.below = below;
    this.over = over.entrySet().iterator();
    this.hidden = hidden;
    this.direction = backward ? -1 : 1;
  }

  @Override
  public boolean next() {
    if (!started) {
      started = true;
      advanceBelow();
      advanceOver();
    }
    byte[] lower = belowKey;
    Map.Entry<byte[], byte @Nullable []> upper = overRow;
    if (lower == null && upper == null) {
      key = null;
      value = null;
      return false;
    }
    if (upper == null
        || (lower != null && direction * Arrays.compareUnsigned(lower, upper.getKey()) < 0)) {
      key = lower;
      value = below.value();
      advanceBelow();
    } else {
      key = upper.getKey();
      value = upper.getValue();
      advanceOver();
    }
    return true;
  }

  private void advanceBelow() {
    belowKey = null;
    while (belowKey == null && below.next()) {
      byte[] candidate = below.key();
      belowKey = hidden.test(candidate) ? null : candidate;
    }
  }

  private void advanceOver() {
    overRow = null;
    while (overRow == null && over.hasNext()) {
      Map.Entry<byte[], byte @Nullable []> candidate = over.next();
      overRow = candidate.getValue() == null ? null : candidate;
    }
  }

  @Override
  public byte[] key() {
    return current(key);
  }

  @Override
  public byte[] value() {
    return current(value);
  }

  private static byte[] current(byte @Nullable [] bytes) {
    if (bytes == null) {
      throw new NoSuchElementException("the cursor is not on a row");
    }
    return bytes.clone();
  }

  @Override
  public void close() {
    below.close();
  }
}
