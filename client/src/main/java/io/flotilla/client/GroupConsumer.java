package io.flotilla.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A member of a consumer group: reads the events of the partitions that are its own at the time, in
 * order within each, and commits how far it has come. Nothing is committed by itself unless {@code
 * commitOnNextPoll} is set or {@link #run} is used; an event that was not committed is delivered
 * again, to whoever has its partition next.
 *
 * <p>For one thread, which polls, commits, seeks and pauses; only {@code close}, {@code assignment}
 * and {@code positions} may come from any. The membership needs no polling: threads of the client
 * keep it alive, however long the processing of events takes. But a partition that is to go to
 * another member is let go by {@code poll} (or between two events of {@code run}) only, unless
 * nothing of it was handed out; a thread that does not poll within the revoke timeout loses it.
 *
 * <p>A lost connection is replaced by one to another server; reading goes on meanwhile, and when
 * the membership is over the consumer joins anew, after {@link GroupListener#lost}. What no retry
 * can heal surfaces from {@code poll} as a {@link FlotillaClientException}: INSTANCE_FENCED,
 * another consumer has taken the instance id; INVALID_ARGUMENT, GROUP_LIMIT; and kind DATA_LOSS for
 * a batch that does not match its checksum, until the partition is moved by {@code seek}, paused or
 * gone.
 */
public interface GroupConsumer extends AutoCloseable {

  /**
   * The next events, at least one unless the timeout passes or the consumer is closed. With {@code
   * commitOnNextPoll}, what the previous poll returned counts as processed and its commit is sent
   * without waiting for the answer; a commit that fails is reported by a later poll.
   */
  List<ReceivedEvent> poll(Duration timeout);

  /**
   * Hands every event to the handler until the consumer is closed or the thread is interrupted.
   * Commits processed events as it goes, with each request for more and at the end; what the
   * handler throws is thrown; the event it failed at is not committed, and handed out next.
   */
  void run(Consumer<ReceivedEvent> handler);

  /**
   * Commits everything that was handed out, and waits for the answer, at most for the client's
   * request timeout. MEMBER_FENCED (kind REFUSED): some of it belonged to partitions that were
   * lost; the rest is committed.
   */
  void commit();

  /**
   * Commits these offsets, each the next event to process. A lower one than is committed changes
   * nothing. MEMBER_FENCED for partitions that are not this member's; the rest is committed.
   */
  void commit(Map<TopicPartition, Long> offsets);

  /** As {@link #commit()}, without waiting. */
  CompletableFuture<Void> commitAsync();

  /** The next event of the partition to hand out is the one at the offset, or the next after it. */
  void seek(TopicPartition partition, long offset);

  /** Hands out nothing more of the partitions; what was read ahead is dropped, and read again. */
  void pause(Collection<TopicPartition> partitions);

  /** Goes on with paused partitions. One that is revoked and comes back is not paused. */
  void resume(Collection<TopicPartition> partitions);

  /** The partitions that this member has, as far as the listener was told. */
  Set<TopicPartition> assignment();

  /** For each partition of the assignment the next offset to hand out. */
  Map<TopicPartition, Long> positions();

  /** The id that the group knows this member by; empty until it has joined. */
  String memberId();

  /**
   * Leaves the group, so that its partitions go to others at once, and waits up to three seconds
   * until the group has taken note, whoever coordinates it by then; with an instance id the
   * membership is kept for the session timeout, for a successor with the same id. Waits, a few
   * seconds at most, for a {@link #run} in another thread to finish its event. What {@code run}
   * processed is committed; what the last {@code poll} returned is not, for nobody said that it was
   * processed: {@code commit} before closing.
   */
  @Override
  void close();
}
