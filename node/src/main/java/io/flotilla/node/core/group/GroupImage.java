package io.flotilla.node.core.group;

import io.flotilla.proto.state.v1.ConsumerGroupState;
import io.flotilla.proto.state.v1.MemberState;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group at one moment. Immutable, for any thread.
 *
 * @param members by id
 * @param isRebalancing some partitions are on their way from one member to another
 */
public record GroupImage(
    ConsumerGroupState state, SortedMap<String, MemberState> members, boolean isRebalancing) {

  /** The member that holds a session token; null when none does. */
  public @Nullable MemberState memberByToken(String token) {
    for (MemberState member : members.values()) {
      if (member.getSessionToken().equals(token)) {
        return member;
      }
    }
    return null;
  }
}
