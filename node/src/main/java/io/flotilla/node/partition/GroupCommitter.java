package io.flotilla.node.partition;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.metrics.TrafficMeters;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.raft.ProposalException;
import io.flotilla.node.raft.Replica;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.Compact;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.state.v1.GroupCommand;
import io.flotilla.proto.state.v1.GroupOutcome;
import io.flotilla.proto.state.v1.PartitionCommand;
import io.flotilla.proto.state.v1.Trim;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Merges what many producers append, and trims, to a Raft group into few large entries: group
 * commit. An idle group proposes the first batch at once; while entries are under way, what arrives
 * is gathered, and goes when it is large or when an entry has come back. Safe; batches keep their
 * order of arrival. Bounded by its callers' in-flight bytes.
 */
final class GroupCommitter {

  /** With entries under way, fewer bytes than this wait for company. */
  private static final int WORTHWHILE_BYTES = 512 << 10;

  /** Bytes around a command in an entry, and of waiting for it. */
  private static final int COMMAND_OVERHEAD = 64;

  private static final Duration RETRY_AFTER = Duration.ofMillis(50);

  private record Pending(PartitionCommand command, CompletableFuture<AppendOutcome> future) {
    long bytes() {
      return (long) command.getSerializedSize() + COMMAND_OVERHEAD;
    }
  }

  /** What one entry carries: batches, and who waits for it to be committed. */
  private record Entry(List<Pending> batches, List<CompletableFuture<Void>> barriers) {
    static final Entry NONE = new Entry(List.of(), List.of());

    boolean isEmpty() {
      return batches.isEmpty() && barriers.isEmpty();
    }

    void fail(Throwable fault) {
      batches.forEach(p -> p.future.completeExceptionally(fault));
      barriers.forEach(b -> b.completeExceptionally(fault));
    }
  }

  private final Replica replica;
  private final LongSupplier clock;
  private final Executor pumps;
  private final int entryBytesMax;
  private final int entriesInFlightMax;
  private final Supplier<@Nullable FlotillaException> refusal;
  private final TrafficMeters traffic;

  private final ArrayDeque<Pending> queue = new ArrayDeque<>(); // guarded by this
  private List<CompletableFuture<Void>> barriers = new ArrayList<>(); // guarded by this
  private long queuedBytes; // guarded by this
  private int inFlight; // guarded by this
  private boolean pumping; // guarded by this

  /**
   * @param clock the leader's clock, in milliseconds since 1970, stamped into each entry
   * @param refusal why nothing may be appended now; null when it may
   * @param pumps runs the next proposal after one has come back, since that thread must not be held
   */
  GroupCommitter(
      Replica replica,
      LongSupplier clock,
      Executor pumps,
      int entryBytesMax,
      int entriesInFlightMax,
      Supplier<@Nullable FlotillaException> refusal,
      TrafficMeters traffic) {
    this.replica = replica;
    this.clock = clock;
    this.pumps = pumps;
    this.entryBytesMax = entryBytesMax;
    this.entriesInFlightMax = entriesInFlightMax;
    this.refusal = refusal;
    this.traffic = traffic;
  }

  /** Completes with the outcome, on the thread that applies, or fails with a FlotillaException. */
  CompletableFuture<AppendOutcome> append(PartitionId partition, AppendBatch batch) {
    FlotillaException refused = refusal.get();
    if (refused != null) {
      return CompletableFuture.failedFuture(refused);
    }
    return submit(
        PartitionCommand.newBuilder().setPartitionId(partition.toLong()).setAppend(batch).build());
  }

  /** The same, of a trim. */
  CompletableFuture<AppendOutcome> trim(PartitionId partition, long upToOffset) {
    return submit(
        PartitionCommand.newBuilder()
            .setPartitionId(partition.toLong())
            .setTrim(Trim.newBuilder().setUpToOffset(upToOffset))
            .build());
  }

  /** The same, of a step of compaction. */
  CompletableFuture<AppendOutcome> compact(PartitionId partition, Compact step) {
    return submit(
        PartitionCommand.newBuilder().setPartitionId(partition.toLong()).setCompact(step).build());
  }

  /** The same, of something about a cursor; also while a disk is full. */
  CompletableFuture<AppendOutcome> cursor(PartitionId partition, CursorCommand command) {
    return submit(
        PartitionCommand.newBuilder()
            .setPartitionId(partition.toLong())
            .setCursor(command)
            .build());
  }

  private CompletableFuture<AppendOutcome> submit(PartitionCommand wanted) {
    Pending pending = new Pending(wanted, new CompletableFuture<>());
    synchronized (this) { // guards queue and queuedBytes
      queue.add(pending);
      queuedBytes += pending.bytes();
    }
    pump();
    return pending.future;
  }

  /**
   * Completes when an entry that was proposed after the call has been committed and applied here:
   * this replica still led then, and holds all that was acknowledged before the call. Concurrent
   * callers share an entry.
   */
  CompletableFuture<Void> barrier() {
    CompletableFuture<Void> barrier = new CompletableFuture<>();
    synchronized (this) { // guards barriers
      barriers.add(barrier);
    }
    pump();
    return barrier;
  }

  /** Proposes as long as something is worth it; one thread at a time, so order is kept. */
  private void pump() {
    synchronized (this) { // guards pumping
      if (pumping) {
        return;
      }
      pumping = true;
    }
    Entry entry = next();
    while (!entry.isEmpty()) {
      propose(entry);
      entry = next();
    }
  }

  /** The next entry; an empty one ends the pumping. */
  private synchronized Entry next() { // guards queue, barriers, queuedBytes, inFlight, pumping
    boolean worthwhile =
        inFlight == 0 || (inFlight < entriesInFlightMax && queuedBytes >= WORTHWHILE_BYTES);
    if ((queue.isEmpty() && barriers.isEmpty()) || !worthwhile) {
      pumping = false;
      return Entry.NONE;
    }
    List<Pending> entry = new ArrayList<>();
    long bytes = 0;
    Pending first = queue.peek();
    while (first != null && (entry.isEmpty() || bytes + first.bytes() <= entryBytesMax)) {
      bytes += first.bytes();
      entry.add(queue.remove());
      first = queue.peek();
    }
    queuedBytes -= bytes;
    inFlight++;
    List<CompletableFuture<Void>> waiting = barriers;
    barriers = new ArrayList<>();
    return new Entry(entry, waiting);
  }

  private void propose(Entry entry) {
    GroupCommand.Builder command = GroupCommand.newBuilder().setTimeUnixMs(clock.getAsLong());
    if (!entry.batches.isEmpty()) {
      traffic.proposed(entry.batches.size());
    }
    for (Pending p : entry.batches) {
      command.addCommands(p.command);
    }
    var unused =
        replica
            .propose(command.build().toByteString())
            .whenComplete((outcome, fault) -> answered(entry, outcome, fault));
  }

  private void answered(Entry entry, @Nullable ByteString bytes, @Nullable Throwable fault) {
    boolean more;
    synchronized (this) { // guards inFlight
      inFlight--;
      more = !queue.isEmpty() || !barriers.isEmpty();
    }
    if (more) {
      pumps.execute(this::pump);
    }
    if (fault != null || bytes == null) {
      entry.fail(refusal(fault));
      return;
    }
    try {
      GroupOutcome outcome = GroupOutcome.parseFrom(bytes);
      for (int i = 0; i < entry.batches.size(); i++) {
        entry.batches.get(i).future.complete(outcome.getOutcomes(i));
      }
      entry.barriers.forEach(barrier -> barrier.complete(null));
    } catch (InvalidProtocolBufferException e) {
      entry.fail(e);
    }
  }

  static FlotillaException refusal(@Nullable Throwable fault) {
    Throwable cause =
        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    if (!(cause instanceof ProposalException proposal)) {
      return new FlotillaException(
          ErrorReason.ERROR_REASON_OUTCOME_UNKNOWN, "the proposal ended with " + cause);
    }
    String message = String.valueOf(proposal.getMessage());
    return switch (proposal.kind()) {
      case NOT_LEADER, NOT_READY -> FlotillaException.notLeader(message, null);
      case THROTTLED -> FlotillaException.throttled(message, RETRY_AFTER);
      case UNKNOWN -> new FlotillaException(ErrorReason.ERROR_REASON_OUTCOME_UNKNOWN, message);
    };
  }
}
