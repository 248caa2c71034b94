package io.flotilla.node.raft;

import java.util.OptionalLong;
import java.util.UUID;
import org.apache.ratis.protocol.RaftGroupId;

/**
 * Raft group numbers and the UUIDs under which Ratis knows them. The number is in the UUID because
 * after a restart Ratis names a group by nothing else. Numbers below 1,000 are the cluster's own.
 */
public final class GroupIds {

  /** The group that replicates the metadata. */
  public static final long METADATA = 1;

  /** "flotilla" in ASCII. */
  private static final long MARK = 0x666c6f74696c6c61L;

  private GroupIds() {}

  static RaftGroupId toRatis(long group) {
    return RaftGroupId.valueOf(new UUID(MARK, group));
  }

  /** The group whose folder has the name; empty when it is none of ours. */
  static OptionalLong ofFolder(String name) {
    try {
      UUID uuid = UUID.fromString(name);
      return uuid.getMostSignificantBits() == MARK
          ? OptionalLong.of(uuid.getLeastSignificantBits())
          : OptionalLong.empty();
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty();
    }
  }

  static long fromRatis(RaftGroupId id) {
    UUID uuid = id.getUuid();
    if (uuid.getMostSignificantBits() != MARK) {
      throw new IllegalArgumentException("not a group of Flotilla: " + id);
    }
    return uuid.getLeastSignificantBits();
  }
}
