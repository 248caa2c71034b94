package io.flotilla.cluster.sabotage;

import io.flotilla.node.partition.Appended;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.state.v1.CursorState;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Runs within a node: how each mutant breaks its promise. Safe. */
public final class Broken {
  private static final Map<Partition, AtomicLong> NEXT = new ConcurrentHashMap<>();
  private static final Map<Partition, Known> ENDS = new ConcurrentHashMap<>();
  private static final long KNOWN_NANOS = 1_000_000_000L;
  private static final int SOME_MS = 1_000;

  private Broken() {}

  /** The answer that the batch will probably get, now. */
  public static CompletableFuture<Appended> acknowledged(
      Partition partition, AppendBatch batch, CompletableFuture<Appended> asked) {
    if (asked.isDone()) {
      return asked;
    }
    AtomicLong next = NEXT.computeIfAbsent(partition, any -> new AtomicLong());
    long first;
    synchronized (next) { // guards it: two appends must not get one offset
      first = Math.max(next.get(), partition.highWatermark());
      next.set(first + batch.getBatch().getEventCount());
    }
    var unused = asked.whenComplete((done, fault) -> correct(next, first, done));
    return CompletableFuture.completedFuture(new Appended(first, 0, false));
  }

  /** A repeated batch took no place. */
  private static void correct(AtomicLong next, long first, @Nullable Appended done) {
    if (done == null || done.firstOffset() != first) {
      next.set(0);
    }
  }

  /** A batch that passes nothing on. */
  public static WriteBatch nowhere(WriteBatch batch) {
    return (WriteBatch)
        Proxy.newProxyInstance(
            WriteBatch.class.getClassLoader(),
            new Class<?>[] {WriteBatch.class},
            (proxy, method, arguments) ->
                method.getName().equals("put") ? null : method.invoke(batch, arguments));
  }

  /** The same command, of whoever may. */
  public static CursorCommand ofNewest(CursorCommand command, Map<String, CursorState> cursors) {
    CursorState known = cursors.get(command.getGroup());
    return known != null && command.hasCommit() && known.getGeneration() > command.getGeneration()
        ? command.toBuilder().setGeneration(known.getGeneration()).build()
        : command;
  }

  /** A time that differs from process to process. */
  public static long timeOfThisNode(long timeMs) {
    return timeMs + ProcessHandle.current().pid() % SOME_MS;
  }

  /** What was right within the last second. */
  public static CompletableFuture<Long> end(Partition partition) {
    long now = System.nanoTime();
    Known known =
        ENDS.compute(
            partition,
            (any, before) ->
                before != null && now - before.nanos < KNOWN_NANOS
                    ? before
                    : new Known(partition.highWatermark(), now));
    return CompletableFuture.completedFuture(known.end);
  }

  private record Known(long end, long nanos) {}
}
