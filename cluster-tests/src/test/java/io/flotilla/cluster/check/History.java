package io.flotilla.cluster.check;

import io.flotilla.cluster.check.Write.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Everything that the clients of one topic were told, and what the replicas held in the end. Safe:
 * writers and readers record while they run; {@link Checker} judges when they have stopped.
 */
public final class History {
  private final Queue<Invocation> invocations = new ConcurrentLinkedQueue<>();
  private final Queue<List<String>> batches = new ConcurrentLinkedQueue<>();
  private final Queue<Fact> facts = new ConcurrentLinkedQueue<>();
  private final SortedMap<Replica, String> digests =
      Collections.synchronizedSortedMap(new TreeMap<>());
  private final Map<Integer, List<Seen>> readers = new ConcurrentSkipListMap<>();
  private final SortedMap<Replica, List<Seen>> replicas =
      Collections.synchronizedSortedMap(new TreeMap<>());

  /** A partition's copy on a node. */
  public record Replica(int partition, int node) implements Comparable<Replica> {
    @Override
    public int compareTo(Replica other) {
      int byPartition = Integer.compare(partition, other.partition);
      return byPartition != 0 ? byPartition : Integer.compare(node, other.node);
    }
  }

  /** A write is about to be handed to the client. */
  public Invocation invoke(int writer, int sequence, String value) {
    Invocation invocation = new Invocation(writer, sequence, value, System.nanoTime());
    invocations.add(invocation);
    return invocation;
  }

  /** A reader that asks for everything of some partitions received an event. */
  public void read(int reader, Seen event) {
    readers
        .computeIfAbsent(reader, r -> Collections.synchronizedList(new ArrayList<>()))
        .add(event);
  }

  /** These are sent as one, to one partition: all or none, side by side. */
  public void together(List<Invocation> batch) {
    batches.add(batch.stream().map(invocation -> invocation.pending.value()).toList());
  }

  /** A write that was read from a file. */
  void add(Write write) {
    Invocation invocation = new Invocation(write);
    invocations.add(invocation);
  }

  /** A batch that was read from a file. */
  void addBatch(List<String> values) {
    batches.add(List.copyOf(values));
  }

  /** Something else that a client saw. */
  public void saw(Fact fact) {
    facts.add(fact);
  }

  /** Whatever a replica holds of a partition, summed up: equal for equal content. */
  public void digest(int partition, int node, String digest) {
    digests.put(new Replica(partition, node), digest);
  }

  /** A replica holds exactly these events, in this order. */
  public void holds(int partition, int node, List<Seen> events) {
    replicas.put(new Replica(partition, node), List.copyOf(events));
  }

  public List<Write> writes() {
    return invocations.stream().map(Invocation::toWrite).toList();
  }

  /** What each has received so far; a reader that could not be stopped may go on. */
  public Map<Integer, List<Seen>> readers() {
    Map<Integer, List<Seen>> soFar = new TreeMap<>();
    readers.forEach(
        (reader, seen) -> {
          synchronized (seen) { // guards its iterator
            soFar.put(reader, List.copyOf(seen));
          }
        });
    return soFar;
  }

  public SortedMap<Replica, List<Seen>> replicas() {
    return replicas;
  }

  public SortedMap<Replica, String> digests() {
    return digests;
  }

  /** The values of what was sent as one. */
  public Collection<List<String>> batches() {
    return batches;
  }

  /** Everything that was seen of one kind, in the order in which it was told. */
  public <F extends Fact> List<F> facts(Class<F> kind) {
    return facts.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** How many writes were acknowledged. */
  public long acknowledged() {
    return writes().stream().filter(write -> write.outcome() == Outcome.OK).count();
  }

  /** How many events a reader received. */
  public int received(int reader) {
    return readers.getOrDefault(reader, List.of()).size();
  }

  /**
   * The longest time between two acknowledgements of these partitions, in milliseconds: how long
   * writers stood still.
   */
  public long longestPauseMillis(Collection<Integer> partitions) {
    long[] times =
        writes().stream()
            .filter(write -> write.outcome() == Outcome.OK)
            .filter(write -> partitions.contains(write.partition()))
            .mapToLong(Write::completedNanos)
            .sorted()
            .toArray();
    long longest = 0;
    for (int i = 1; i < times.length; i++) {
      longest = Math.max(longest, times[i] - times[i - 1]);
    }
    return longest / 1_000_000;
  }

  /** A write under way. Completed at most once, from any thread: the monitor guards that. */
  public static final class Invocation {
    private final Write pending;
    private volatile Write current;

    private Invocation(int writer, int sequence, String value, long invokedNanos) {
      pending =
          new Write(writer, sequence, value, invokedNanos, Long.MAX_VALUE, Outcome.UNKNOWN, -1, -1);
      current = pending;
    }

    private Invocation(Write known) {
      pending = known;
      current = known;
    }

    /** It was acknowledged. */
    public void acknowledged(int partition, long offset) {
      complete(Outcome.OK, partition, offset);
    }

    /** It was refused in a way that says that nothing was written. */
    public void failed() {
      complete(Outcome.FAILED, -1, -1);
    }

    private synchronized void complete(Outcome outcome, int partition, long offset) {
      Write completed =
          new Write(
              pending.writer(),
              pending.sequence(),
              pending.value(),
              pending.invokedNanos(),
              System.nanoTime(),
              outcome,
              partition,
              offset);
      if (!current.equals(pending)) {
        throw new IllegalStateException("completed twice: " + current + ", " + completed);
      }
      current = completed;
    }

    private Write toWrite() {
      return current;
    }
  }
}
