package io.flotilla.node.core.group;

import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.GroupTopic;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Topic by topic, a run of neighbours to each member, in the order of their ids; so equal numbers
 * of topics with as many partitions meet in one member (Kafka's RangeAssignor). Stateless.
 */
final class RangeAssignor implements Assignor {

  @Override
  public Map<String, SortedSet<PartitionId>> assign(
      SortedMap<String, Member> members, Collection<GroupTopic> topics) {
    Map<String, SortedSet<PartitionId>> shares = new TreeMap<>();
    members.keySet().forEach(id -> shares.put(id, new TreeSet<>()));
    for (GroupTopic topic : topics) {
      List<Member> wanting =
          members.values().stream().filter(member -> member.wants(topic.getName())).toList();
      int partition = 0;
      for (int i = 0; i < wanting.size(); i++) {
        int more = i < topic.getPartitions() % wanting.size() ? 1 : 0;
        int run = topic.getPartitions() / wanting.size() + more;
        SortedSet<PartitionId> share = shares.get(wanting.get(i).id());
        for (int j = 0; j < run && share != null; j++) {
          share.add(new PartitionId(topic.getTopicId(), partition++));
        }
      }
    }
    return shares;
  }
}
