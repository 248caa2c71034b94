package io.flotilla.node.core.group;

import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.GroupTopic;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Says who should have which partition. A pure function of its arguments: the same on every
 * replica.
 */
interface Assignor {

  /** As flotilla.v1.Assignor. */
  int STICKY = 1;

  int RANGE = 2;
  int RACK_AWARE = 3;

  /**
   * Every partition that somebody wants goes to one of those who want it.
   *
   * @param members by id; what they should have had until now is their target
   * @param topics by id
   * @return a set for each member
   */
  Map<String, SortedSet<PartitionId>> assign(
      SortedMap<String, Member> members, Collection<GroupTopic> topics);

  static Assignor of(int number) {
    return switch (number) {
      case RANGE -> new RangeAssignor();
      case RACK_AWARE -> new StickyAssignor(true);
      default -> new StickyAssignor(false);
    };
  }
}
