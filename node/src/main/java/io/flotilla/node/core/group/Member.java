package io.flotilla.node.core.group;

import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.MemberState;
import io.flotilla.proto.state.v1.OwnedPartition;
import io.flotilla.proto.state.v1.PartitionRef;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A member while it is being changed. Confined to the thread that applies. */
final class Member {

  private MemberState said;
  private final List<TopicPattern> patterns;

  /** What it has: partition → the generation in which it got it. */
  final SortedMap<PartitionId, Long> owned = new TreeMap<>();

  /** What it should have. */
  SortedSet<PartitionId> target = new TreeSet<>();

  private boolean rewritten;

  private Member(MemberState row, boolean rewritten) {
    this.rewritten = rewritten;
    this.patterns = row.getTopicsList().stream().map(TopicPattern::new).toList();
    for (OwnedPartition one : row.getOwnedList()) {
      owned.put(new PartitionId(one.getTopicId(), one.getPartition()), one.getGeneration());
    }
    for (PartitionRef one : row.getTargetList()) {
      target.add(new PartitionId(one.getTopicId(), one.getPartition()));
    }
    this.said = row;
  }

  /** As its row has it. */
  static Member stored(MemberState row) {
    return new Member(row, false);
  }

  /** As it says itself, with nothing yet. */
  static Member said(MemberState row) {
    return new Member(row, true);
  }

  String id() {
    return said.getMemberId();
  }

  /** As it was last written, or will be. */
  MemberState row() {
    return said;
  }

  boolean wants(String topic) {
    for (TopicPattern pattern : patterns) {
      if (pattern.matches(topic)) {
        return true;
      }
    }
    return false;
  }

  /** For people: what it calls itself, or its instance id, or its id. */
  String name() {
    if (!said.getInstanceId().isEmpty()) {
      return said.getInstanceId();
    }
    return said.getClientId().isEmpty() ? said.getMemberId() : said.getClientId();
  }

  /** Brings the row up to what it has and should have; answers whether it changed. */
  boolean refreshRow() {
    MemberState.Builder next = said.toBuilder().clearOwned().clearTarget();
    owned.forEach(
        (id, generation) ->
            next.addOwned(
                OwnedPartition.newBuilder()
                    .setTopicId(id.topicId())
                    .setPartition(id.partition())
                    .setGeneration(generation)));
    for (PartitionId id : target) {
      next.addTarget(
          PartitionRef.newBuilder().setTopicId(id.topicId()).setPartition(id.partition()));
    }
    MemberState row = next.build();
    boolean changed = rewritten || !row.equals(said);
    rewritten = false;
    said = row;
    return changed;
  }
}
