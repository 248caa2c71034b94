package io.flotilla.node.core.group;

import io.flotilla.node.store.Keys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The keys of table GROUPS: coordinator group (8 bytes), a kind of row (8 bytes), then what names
 * it. Stateless.
 */
public final class GroupKeys {

  static final long COUNTERS = 1;
  static final long GROUPS = 2;
  static final long MEMBERS = 3;

  /** Between a consumer group's name and a member's id: in no name. */
  private static final byte SEPARATOR = 0;

  private GroupKeys() {}

  /** Below every key of a coordinator. */
  public static byte[] from(long coordinator) {
    return Keys.of(coordinator);
  }

  /** Above every key of a coordinator. */
  public static byte[] to(long coordinator) {
    return Keys.of(coordinator + 1);
  }

  static byte[] counters(long coordinator) {
    return Keys.of(coordinator, COUNTERS);
  }

  static byte[] group(long coordinator, String name) {
    return key(coordinator, GROUPS, name.getBytes(StandardCharsets.UTF_8), new byte[0]);
  }

  static byte[] member(long coordinator, String group, String memberId) {
    byte[] name = group.getBytes(StandardCharsets.UTF_8);
    byte[] separated = ByteBuffer.allocate(name.length + 1).put(name).put(SEPARATOR).array();
    return key(coordinator, MEMBERS, separated, memberId.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] key(long coordinator, long kind, byte[] one, byte[] other) {
    return ByteBuffer.allocate(2 * Long.BYTES + one.length + other.length)
        .putLong(coordinator)
        .putLong(kind)
        .put(one)
        .put(other)
        .array();
  }

  /** The consumer group of a member's key. */
  static String groupOf(byte[] memberKey) {
    int end = 2 * Long.BYTES;
    while (memberKey[end] != SEPARATOR) {
      end++;
    }
    return new String(memberKey, 2 * Long.BYTES, end - 2 * Long.BYTES, StandardCharsets.UTF_8);
  }
}
