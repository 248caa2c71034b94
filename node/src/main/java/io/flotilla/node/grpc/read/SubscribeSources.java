package io.flotilla.node.grpc.read;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.ErrorCatalogue;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.router.Route;
import io.flotilla.node.router.Router;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.Retry;
import io.flotilla.proto.types.v1.StartFrom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The sources of a subscription, in turn: one for each replica here, one for each other node that
 * has to be asked. A source that is lost (a replica closed, a node gone) is replaced by another
 * from the same position, a few times over; a topic that is gone ends the subscription. Confined to
 * the subscription's serial executor.
 */
public final class SubscribeSources {

  private static final int LOSSES_MAX = 20;
  private static final long LOSS_WAIT_MS = 50;
  private static final long LOSS_WAIT_MS_MAX = 1_000;
  private static final EventChunk NOTHING = new EventChunk(List.of(), List.of());

  private final Router router;
  private final TopicInfo topic;
  private final boolean direct;
  private final BatchLimits limits;
  private final int readBytes;
  private final Executor serial;
  private final Runnable pump;
  private final Consumer<Throwable> fail;
  private final List<EventSource> sources = new ArrayList<>();
  private Map<Integer, Long> ends = Map.of();
  private int waitingToReopen;
  private int turn;
  private int losses;
  private boolean closed;

  /**
   * None is opened yet.
   *
   * @param pump run on the serial executor when there may be more
   * @param fail ends the subscription
   */
  public SubscribeSources(
      Router router,
      TopicInfo topic,
      boolean direct,
      BatchLimits limits,
      int readBytes,
      Executor serial,
      Runnable pump,
      Consumer<Throwable> fail) {
    this.router = router;
    this.topic = topic;
    this.direct = direct;
    this.limits = limits;
    this.readBytes = readBytes;
    this.serial = serial;
    this.pump = pump;
    this.fail = fail;
  }

  static Position at(long offset) {
    return Position.newBuilder().setFrom(StartFrom.START_FROM_OFFSET).setOffset(offset).build();
  }

  /**
   * Opens a source for each partition.
   *
   * @param positions the partitions and where they begin
   * @param whereToEnd the offset before which each ends; empty = never
   */
  public void open(Map<Integer, Long> positions, Map<Integer, Long> whereToEnd) {
    ends = whereToEnd;
    place(positions);
  }

  /** The next chunk of the next source that has one; empty when none has, then pump will be run. */
  public EventChunk next(int bytesMax, long eventsMax) {
    for (int i = sources.size(); i > 0 && !sources.isEmpty(); i--) {
      turn = (turn + 1) % sources.size();
      EventSource source = sources.get(turn);
      EventChunk chunk = NOTHING;
      try {
        chunk = source.next(bytesMax, eventsMax);
        if (source instanceof LocalEvents local && chunk.isEmpty()) {
          local.await();
        }
      } catch (FlotillaException why) {
        lost(source, why);
      }
      if (source.done()) {
        drop(source);
      }
      if (!chunk.isEmpty()) {
        losses = 0;
        return chunk;
      }
    }
    return NOTHING;
  }

  public boolean mayHaveMore() {
    return sources.stream().anyMatch(EventSource::mayHaveMore);
  }

  boolean caughtUp() {
    return waitingToReopen == 0 && sources.stream().allMatch(EventSource::caughtUp);
  }

  boolean done() {
    return waitingToReopen == 0 && sources.isEmpty();
  }

  public void close() {
    closed = true;
    sources.forEach(EventSource::close);
    sources.clear();
  }

  private void drop(EventSource source) {
    source.close();
    sources.remove(source);
  }

  private void place(Map<Integer, Long> positions) {
    Map<Integer, Map<Integer, Long>> elsewhere = new HashMap<>();
    for (Map.Entry<Integer, Long> entry : positions.entrySet()) {
      int partition = entry.getKey();
      if (entry.getValue() >= end(partition)) {
        continue;
      }
      PartitionId id = router.partition(topic, partition);
      Route route = router.readerOf(id);
      Partition local = router.readable(id);
      if (local != null && !local.closed()) {
        sources.add(local(local, entry.getValue()));
      } else if (route instanceof Route.There there && !direct) {
        elsewhere
            .computeIfAbsent(there.leader().nodeId(), node -> new HashMap<>())
            .put(partition, entry.getValue());
      } else {
        FlotillaException why =
            FlotillaException.notLeader(
                "this node has no open replica of partition " + topic.name() + "/" + partition,
                route instanceof Route.There there ? there.leader() : null);
        reopen(Map.of(partition, entry.getValue()), why);
      }
    }
    elsewhere.forEach(this::relay);
  }

  private LocalEvents local(Partition partition, long position) {
    LocalEvents[] self = new LocalEvents[1];
    Runnable signal =
        () ->
            serial.execute(
                () -> {
                  self[0].woken();
                  pump.run();
                });
    self[0] =
        new LocalEvents(
            partition, position, end(partition.id().partition()), limits, readBytes, signal);
    return self[0];
  }

  private void relay(int nodeId, Map<Integer, Long> positions) {
    RelayedEvents relayed = new RelayedEvents(positions, ends, serial, pump);
    try {
      relayed.open(router.channel(nodeId), topic, !ends.isEmpty());
      sources.add(relayed);
    } catch (FlotillaException why) {
      reopen(positions, why);
    }
  }

  private void lost(EventSource source, FlotillaException why) {
    Map<Integer, Long> positions = new HashMap<>(source.positions());
    drop(source);
    reopen(positions, why);
  }

  /** Later, from elsewhere perhaps; or never, if that cannot help. */
  private void reopen(Map<Integer, Long> positions, FlotillaException why) {
    Retry retry = ErrorCatalogue.retry(why.reason());
    boolean helps = retry == Retry.RETRY_ELSEWHERE || retry == Retry.RETRY_UNKNOWN_OUTCOME;
    if (direct || !helps || ++losses > LOSSES_MAX) {
      fail.accept(gone(why));
      return;
    }
    waitingToReopen++;
    CallThreads.after(
        Math.min(LOSS_WAIT_MS_MAX, LOSS_WAIT_MS * losses),
        serial,
        () -> {
          waitingToReopen--;
          if (!closed) {
            router.topic(topic.name(), topic.topicId());
            place(positions);
            pump.run();
          }
        });
  }

  /** If the topic is gone that is the reason, whatever was noticed first. */
  private Throwable gone(FlotillaException why) {
    try {
      router.topic(topic.name(), topic.topicId());
      return why;
    } catch (FlotillaException topicGone) {
      return topicGone;
    }
  }

  private long end(int partition) {
    return ends.getOrDefault(partition, Long.MAX_VALUE);
  }
}
