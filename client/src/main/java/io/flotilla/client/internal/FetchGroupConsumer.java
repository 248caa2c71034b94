package io.flotilla.client.internal;

import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupListener;
import io.flotilla.client.GroupOptions;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.TopicPartition;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@link GroupConsumer}: a {@link GroupMembership} says which partitions to read, a {@link Fetcher}
 * reads them, {@link Progress} commits. The user's thread takes events and runs the listener, never
 * under the monitor; all state is under the fetcher's.
 */
final class FetchGroupConsumer implements GroupConsumer, Fetcher.Owner {

  private static final Duration POLL = Duration.ofSeconds(1);

  /** close() waits for run() in another thread to finish its event, at most this long. */
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private final GroupListener listener;
  private final boolean commitOnNextPoll;
  private final Set<AutoCloseable> parts;
  private final Fetcher fetcher;
  private final Holdings holdings;
  private final GroupMembership membership;
  private final Progress progress;

  private @Nullable FlotillaClientException failure;
  private @Nullable Thread runner;
  private boolean closed;

  FetchGroupConsumer(
      GroupOptions options, FetchStreams streams, Duration timeout, Set<AutoCloseable> parts) {
    this.listener = options.listener();
    this.commitOnNextPoll = options.commitOnNextPoll();
    this.parts = parts;
    this.fetcher = new Fetcher(streams, options.bufferBytes(), this);
    this.holdings = new Holdings(fetcher, listener.equals(GroupOptions.NO_LISTENER));
    this.membership = new GroupMembership(options, streams, fetcher, holdings);
    GroupCommits commits = new GroupCommits(options.group(), streams);
    this.progress = new Progress(fetcher, holdings, commits, timeout);
  }

  void start() {
    parts.add(this);
    membership.connect();
  }

  @Override
  public boolean refused(PartitionReader reader, Refusal refusal) {
    if (refusal.is(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE)) {
      return skipTrimmed(reader, refusal.metadata().get("log_start"));
    }
    // The coordinator says whether it is gone for good: until then it is asked for again.
    return refusal.is(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND)
        || refusal.is(ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND)
        || refusal.is(ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION);
  }

  /** Its events went by retention before they were read: goes on at the first one that is kept. */
  private boolean skipTrimmed(PartitionReader reader, @Nullable String logStart) {
    long start = logStart == null ? -1 : Long.parseLong(logStart);
    Held one = holdings.get(new TopicPartition(reader.topic, reader.partition));
    if (one == null || one.reader != reader || start <= reader.received) {
      return false;
    }
    holdings.reset(one, reader.received, start);
    reader.reached(start);
    return true;
  }

  @Override
  public void failed(Refusal refusal) {
    failure = refusal.toException();
  }

  @Override
  public List<ReceivedEvent> poll(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (commitOnNextPoll) {
      progress.finished();
    }
    return take(deadline, commitOnNextPoll);
  }

  private List<ReceivedEvent> take(long deadline, boolean committing) {
    List<ReceivedEvent> events = new ArrayList<>();
    boolean waited;
    do {
      tell(committing);
      synchronized (fetcher) { // here and below: guards all fields that are not final
        if (closed) {
          return events;
        }
        waited = true;
        if (!holdings.hasChanges()) {
          while (fetcher.ready() && events.size() < FetchSubscriber.POLL_EVENTS) {
            fetcher.next(events::add);
          }
          if (events.isEmpty()) {
            throwFailure();
            waited = Waiting.until(fetcher, deadline);
          }
        }
      }
    } while (events.isEmpty() && waited);
    return events;
  }

  private void throwFailure() {
    FlotillaClientException why = membership.failure() == null ? failure : membership.failure();
    for (Held each : holdings.all()) {
      if (why == null && !each.reader.paused) {
        why = each.reader.failure;
      }
    }
    if (why != null) {
      throw why;
    }
  }

  /** Tells the listener what there is to tell, and lets go what it was told of. */
  private void tell(boolean committing) {
    Change change = nextChange();
    while (change != null) {
      switch (change.kind()) {
        case ASSIGNED -> listener.assigned(change.partitions());
        case REVOKED -> letGo(change, committing);
        case LOST -> listener.lost(change.partitions());
        case RESET ->
            listener.reset(change.partitions().iterator().next(), change.from(), change.to());
      }
      change = nextChange();
    }
  }

  private @Nullable Change nextChange() {
    synchronized (fetcher) {
      return closed ? null : holdings.nextChange();
    }
  }

  private void letGo(Change change, boolean committing) {
    Set<Held> some = Set.copyOf(change.held());
    try {
      if (committing) {
        progress.settle(some);
      }
      listener.revoked(change.partitions());
    } finally {
      synchronized (fetcher) {
        membership.letGo(some);
      }
    }
  }

  @Override
  public void run(Consumer<ReceivedEvent> handler) {
    synchronized (fetcher) {
      runner = Thread.currentThread();
    }
    try {
      while (goesOn()) {
        process(take(System.nanoTime() + POLL.toNanos(), true), handler);
        progress.finished();
      }
    } finally {
      end();
    }
  }

  private boolean goesOn() {
    synchronized (fetcher) {
      return !closed && !Thread.currentThread().isInterrupted();
    }
  }

  private void process(List<ReceivedEvent> events, Consumer<ReceivedEvent> handler) {
    synchronized (fetcher) {
      for (ReceivedEvent event : events) {
        Held one = holdings.get(new TopicPartition(event.topic(), event.partition()));
        if (one != null && one.open == Held.NONE) {
          one.open = event.offset();
        }
      }
    }
    for (ReceivedEvent event : events) {
      tell(true);
      if (!goesOn()) {
        return;
      }
      Held one = opened(event);
      if (one != null) {
        handler.accept(event);
        done(one, event);
      }
    }
    synchronized (fetcher) {
      holdings.all().forEach(each -> each.open = Held.NONE);
    }
  }

  /** Whose it is; null when it was lost, let go or sought away from since it was handed out. */
  private @Nullable Held opened(ReceivedEvent event) {
    synchronized (fetcher) {
      Held one = holdings.get(new TopicPartition(event.topic(), event.partition()));
      return one == null || one.open == Held.NONE || one.open > event.offset() ? null : one;
    }
  }

  private void done(Held one, ReceivedEvent event) {
    synchronized (fetcher) {
      if (one.open != Held.NONE) {
        one.open = event.offset() + 1;
      }
    }
  }

  /** The last commit of a run, also of one that its handler has ended. */
  private void end() {
    List<Held> some;
    synchronized (fetcher) {
      some = List.copyOf(holdings.all());
    }
    try {
      progress.settle(some);
    } finally {
      synchronized (fetcher) {
        some.forEach(this::handOutAgain);
        runner = null;
        fetcher.notifyAll();
      }
    }
  }

  /** What was not processed was handed out in vain. */
  private void handOutAgain(Held one) {
    if (one.open != Held.NONE && holdings.has(one)) {
      fetcher.park(one.reader);
      one.reader.moveTo(one.open);
      one.open = Held.NONE;
      fetcher.assign();
    }
  }

  @Override
  public void commit() {
    GroupCommits.await(commitAsync(), progress.timeout());
  }

  @Override
  public void commit(Map<TopicPartition, Long> offsets) {
    requireOpen();
    GroupCommits.await(progress.these(offsets), progress.timeout());
  }

  @Override
  public CompletableFuture<Void> commitAsync() {
    requireOpen();
    return progress.all();
  }

  private void requireOpen() {
    synchronized (fetcher) {
      if (closed && runner != Thread.currentThread()) {
        throw new IllegalStateException("the consumer is closed");
      }
    }
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    synchronized (fetcher) {
      Held one = require(partition);
      one.open = offset;
      one.finished = offset;
      handOutAgain(one);
    }
  }

  private Held require(TopicPartition partition) {
    Held one = holdings.get(partition);
    if (one == null || one.revoked) {
      throw new IllegalStateException(partition + " is not assigned to this member");
    }
    return one;
  }

  @Override
  public void pause(Collection<TopicPartition> partitions) {
    synchronized (fetcher) {
      for (TopicPartition partition : partitions) {
        Held one = require(partition);
        one.reader.paused = true;
        fetcher.park(one.reader);
      }
    }
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    synchronized (fetcher) {
      for (TopicPartition partition : partitions) {
        require(partition).reader.paused = false;
      }
      fetcher.assign();
    }
  }

  @Override
  public Set<TopicPartition> assignment() {
    return new TreeSet<>(positions().keySet());
  }

  @Override
  public Map<TopicPartition, Long> positions() {
    Map<TopicPartition, Long> positions = new TreeMap<>();
    synchronized (fetcher) {
      for (Held each : holdings.all()) {
        if (each.told) {
          positions.put(each.partition, each.position());
        }
      }
    }
    return positions;
  }

  @Override
  public String memberId() {
    synchronized (fetcher) {
      return membership.memberId();
    }
  }

  @Override
  public void close() {
    synchronized (fetcher) {
      if (closed) {
        return;
      }
      closed = true;
      fetcher.notifyAll();
      long deadline = System.nanoTime() + CLOSE_WAIT.toNanos();
      while (runner != null
          && runner != Thread.currentThread()
          && Waiting.until(fetcher, deadline)) {
        // until run has committed what it processed
      }
      fetcher.stop();
    }
    if (isRunning()) {
      end();
    }
    membership.close();
    parts.remove(this);
  }

  /** It is closed from within its own handler: what came before that event is committed. */
  private boolean isRunning() {
    synchronized (fetcher) {
      return runner == Thread.currentThread();
    }
  }
}
