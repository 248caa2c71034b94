package io.flotilla.node.coordinator;

import io.flotilla.node.core.group.GroupImage;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.internal.v1.SessionAssignment;
import io.flotilla.proto.internal.v1.SessionPartition;
import io.flotilla.proto.state.v1.GroupTopic;
import io.flotilla.proto.state.v1.MemberState;
import io.flotilla.proto.state.v1.OwnedPartition;
import io.flotilla.proto.state.v1.PartitionRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What members have, as it is told to them. Stateless. */
final class Assignments {

  private Assignments() {}

  static SessionAssignment of(GroupImage image, MemberState member) {
    Map<Integer, GroupTopic> topics = new HashMap<>();
    image.state().getTopicsList().forEach(topic -> topics.put(topic.getTopicId(), topic));
    Set<PartitionId> targets = new HashSet<>();
    for (PartitionRef target : member.getTargetList()) {
      targets.add(new PartitionId(target.getTopicId(), target.getPartition()));
    }
    SessionAssignment.Builder assignment =
        SessionAssignment.newBuilder().setGeneration(image.state().getGeneration());
    for (OwnedPartition owned : member.getOwnedList()) {
      PartitionId id = new PartitionId(owned.getTopicId(), owned.getPartition());
      GroupTopic topic = topics.getOrDefault(id.topicId(), GroupTopic.getDefaultInstance());
      assignment.addPartitions(
          SessionPartition.newBuilder()
              .setPartitionId(id.toLong())
              .setTopic(topic.getName())
              .setGeneration(owned.getGeneration())
              .setDiscovered(id.partition() >= topic.getFirstDiscovered())
              .setRevoking(!targets.contains(id)));
    }
    return assignment.build();
  }
}
