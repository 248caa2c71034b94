package io.flotilla.node.grpc.group;

import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallThreads.Alarm;
import io.flotilla.node.grpc.read.EventChunk;
import io.flotilla.node.grpc.read.SubscribeSources;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.internal.v1.SessionPartition;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.v1.TopicPartition;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A partition that a member has, as the node keeps it that serves the member: where its events come
 * from, what was delivered and not acknowledged, what is being committed. Confined to the member's
 * serial executor.
 */
final class HeldPartition {

  private static final long NOTHING = -1;

  private final SessionPartition assigned;
  private final PartitionId id;
  private final TopicInfo topic;
  private final ArrayDeque<Long> unacked = new ArrayDeque<>();
  private @Nullable SubscribeSources source;
  private @Nullable Alarm deadline;
  private long delivered;
  private long toCommit = NOTHING;
  private boolean claimed;
  private boolean revoking;
  private boolean releaseWanted;
  private boolean committing;
  private long lastCommitNanos = System.nanoTime() - Duration.ofMinutes(1).toNanos();

  HeldPartition(SessionPartition assigned, TopicInfo topic) {
    this.assigned = assigned;
    this.id = PartitionId.of(assigned.getPartitionId());
    this.topic = topic;
  }

  PartitionId id() {
    return id;
  }

  TopicInfo topic() {
    return topic;
  }

  /** The generation in which it became the member's. */
  long generation() {
    return assigned.getGeneration();
  }

  /** It appeared after its group began to read the topic. */
  boolean discovered() {
    return assigned.getDiscovered();
  }

  /** It was to be let go already when it came here: its member resumed. */
  boolean wasRevoked() {
    return assigned.getRevoking();
  }

  TopicPartition name() {
    return TopicPartition.newBuilder()
        .setTopic(topic.name())
        .setTopicId(topic.topicId())
        .setPartition(id.partition())
        .build();
  }

  /** Its cursor is the member's now. */
  boolean claimed() {
    return claimed;
  }

  void claimed(long startOffset) {
    claimed = true;
    delivered = startOffset;
  }

  /** Delivers from here on. */
  void source(SubscribeSources from) {
    closeSource();
    source = from;
  }

  /** Where it goes on. */
  long position() {
    return delivered;
  }

  boolean revoking() {
    return revoking;
  }

  /** Nothing more is delivered. */
  void revoke(Alarm alarm) {
    revoking = true;
    deadline = alarm;
    closeSource();
  }

  /** The member has let it go. */
  void wantRelease() {
    releaseWanted = true;
  }

  /** Nothing stands against letting it go. */
  boolean releasable(boolean delivers) {
    boolean done = releaseWanted || (delivers && unacked.isEmpty());
    return revoking && done && !committing && toCommit == NOTHING;
  }

  /** The next events; empty when there are none, or it is not being delivered. */
  @Nullable EventChunk next(int bytesMax, long eventsMax) {
    SubscribeSources from = source;
    EventChunk chunk = from == null ? null : from.next(bytesMax, eventsMax);
    if (chunk == null || chunk.isEmpty()) {
      return null;
    }
    for (ReceivedEvent event : chunk.events()) {
      unacked.add(event.getOffset());
      delivered = event.getOffset() + 1;
    }
    chunk.skipped().forEach(gap -> delivered = Math.max(delivered, gap.getNextOffset()));
    return chunk;
  }

  boolean mayHaveMore() {
    return source != null && source.mayHaveMore();
  }

  /**
   * An event and all before it were processed; answers how many of those had been delivered.
   *
   * @param delivers events are delivered, so nothing else can have been processed
   */
  int ack(long offset, boolean delivers) {
    if (offset < 0 || (delivers && offset >= delivered)) {
      throw FlotillaException.outOfRange(offset, 0, delivered);
    }
    int acked = 0;
    while (!unacked.isEmpty() && unacked.peek() <= offset) {
      unacked.remove();
      acked++;
    }
    toCommit = Math.max(toCommit, offset + 1);
    return acked;
  }

  /** There is something to commit, and no commit under way. */
  boolean commitDue() {
    return !committing && toCommit != NOTHING;
  }

  /** When the last commit began, by the monotonic clock. */
  long lastCommitNanos() {
    return lastCommitNanos;
  }

  /** The offset to commit now. */
  long beginCommit(long nanos) {
    committing = true;
    lastCommitNanos = nanos;
    long offset = toCommit;
    toCommit = NOTHING;
    return offset;
  }

  void endCommit() {
    committing = false;
  }

  boolean idle() {
    return !committing && toCommit == NOTHING;
  }

  /** Lets go; answers how many delivered events nobody will acknowledge here any more. */
  int close() {
    closeSource();
    Alarm alarm = deadline;
    if (alarm != null) {
      alarm.cancel();
    }
    int left = unacked.size();
    unacked.clear();
    return left;
  }

  void closeSource() {
    SubscribeSources from = source;
    source = null;
    if (from != null) {
      from.close();
    }
  }
}
