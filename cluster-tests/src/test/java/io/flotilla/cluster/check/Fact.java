package io.flotilla.cluster.check;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * Something that a client saw, apart from publishing and reading. Times are {@code
 * System.nanoTime}, which all processes of a machine share; a call's answer that never came has
 * completed at {@link Long#MAX_VALUE}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "fact")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Fact.BoundsSeen.class, name = "bounds"),
  @JsonSubTypes.Type(value = Fact.Assigned.class, name = "assigned"),
  @JsonSubTypes.Type(value = Fact.Delivered.class, name = "delivered"),
  @JsonSubTypes.Type(value = Fact.Committed.class, name = "committed"),
  @JsonSubTypes.Type(value = Fact.CommitSeen.class, name = "commit-seen"),
  @JsonSubTypes.Type(value = Fact.Tried.class, name = "tried"),
  @JsonSubTypes.Type(value = Fact.RevisionSeen.class, name = "revision"),
  @JsonSubTypes.Type(value = Fact.TopicStep.class, name = "topic"),
  @JsonSubTypes.Type(value = Fact.TopicSeen.class, name = "topic-seen"),
  @JsonSubTypes.Type(value = Fact.Fault.class, name = "fault")
})
public sealed interface Fact {

  /** A leader said where a log begins and ends. */
  record BoundsSeen(int partition, long start, long end, long invokedNanos, long completedNanos)
      implements Fact {}

  /** A member was told that a partition is its own from now on. */
  record Assigned(String member, int partition, long generation, long startOffset, long atNanos)
      implements Fact {}

  /** A member got an event. */
  record Delivered(String member, int partition, long offset, long atNanos) implements Fact {}

  /** A commit of a member was accepted: everything below the offset is processed. */
  record Committed(
      String member,
      int partition,
      long offset,
      long generation,
      long invokedNanos,
      long completedNanos)
      implements Fact {}

  /** Somebody asked how far the group is. */
  record CommitSeen(int partition, long offset, long invokedNanos, long completedNanos)
      implements Fact {}

  /** Something was tried that must be refused. */
  record Tried(Violation.Invariant forbidden, String what, boolean accepted, long atNanos)
      implements Fact {}

  /** A process of a node said how new its metadata is. */
  record RevisionSeen(long pid, long revision, long invokedNanos, long completedNanos)
      implements Fact {}

  /** A topic was created (with its id) or deleted (id 0), and that was acknowledged. */
  record TopicStep(String topic, long id, long completedNanos) implements Fact {}

  /** In the end a node knows a topic by this id; 0 = it does not know it. */
  record TopicSeen(int node, String topic, long id) implements Fact {}

  /** The cluster was hurt, or healed. */
  record Fault(String what, long atNanos) implements Fact {}
}
