package io.flotilla.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group.
 *
 * @param name its name
 * @param state what it is doing
 * @param generation rises with each change of who should have what
 * @param assignor how partitions are shared out
 * @param memberCount how many members
 * @param created when it was made
 * @param coordinator the node that leads its coordinator; null when none is known
 * @param members its members, by id; empty in lists
 * @param partitions every partition that is assigned or has a committed offset; empty in lists
 * @param changes what happened to it last, newest first; empty in lists
 */
public record GroupDescription(
    String name,
    State state,
    long generation,
    Assignor assignor,
    int memberCount,
    Instant created,
    @Nullable Integer coordinator,
    List<GroupMemberDescription> members,
    List<GroupPartitionDescription> partitions,
    List<GroupChange> changes) {

  /** What a group is doing. */
  public enum State {
    /** Not said, or newer than this client. */
    UNKNOWN,
    /** It has no members. */
    EMPTY,
    /** Every partition is where it should be. */
    STABLE,
    /** Some partitions are on their way from one member to another. */
    REBALANCING
  }

  public GroupDescription {
    members = List.copyOf(members);
    partitions = List.copyOf(partitions);
    changes = List.copyOf(changes);
  }
}
