package io.flotilla.node.partition;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.batch.BatchOffsets;
import io.flotilla.node.core.log.CompactionPlan;
import io.flotilla.node.core.log.CompactionRules;
import io.flotilla.node.core.log.LogDigest;
import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.core.log.RetentionLimits;
import io.flotilla.node.core.log.TimeHit;
import io.flotilla.node.metrics.TopicTraffic;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.raft.GroupStatus;
import io.flotilla.node.raft.Replica;
import io.flotilla.node.store.View;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.Compact;
import io.flotilla.proto.state.v1.PartitionState;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.StoredBatch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A topic partition as this node hosts it. Safe. Appends are proposed here when this replica leads;
 * reads are served from what this replica has applied, whoever leads.
 */
public final class Partition {

  private static final Duration RETRY_AFTER = Duration.ofMillis(50);

  private final PartitionId id;
  private final Replica replica;
  private final GroupCommitter committer;
  private final LogReader reader;
  private final PartitionCursors cursors;
  private final BatchLimits limits;
  private final InFlightBytes inFlight;
  private final InFlightBytes nodeInFlight;
  private final HighWatermark highWatermark;
  private final AtomicBoolean suspect = new AtomicBoolean();
  private final LongAdder corruptReads;
  private final TailCache.Tail tail;
  private final TopicTraffic traffic;

  Partition(
      PartitionId id,
      Replica replica,
      GroupCommitter committer,
      View view,
      BatchLimits limits,
      InFlightBytes inFlight,
      InFlightBytes nodeInFlight,
      LongAdder corruptReads,
      TailCache.Tail tail,
      TopicTraffic traffic) {
    this.id = id;
    this.traffic = traffic;
    this.tail = tail;
    this.replica = replica;
    this.committer = committer;
    this.limits = limits;
    this.inFlight = inFlight;
    this.nodeInFlight = nodeInFlight;
    this.corruptReads = corruptReads;
    this.cursors = new PartitionCursors(this, committer, view);
    this.reader = new LogReader(view, id);
    PartitionState state = reader.state();
    this.highWatermark = new HighWatermark(state.getLogStartOffset(), state.getNextOffset());
  }

  public PartitionId id() {
    return id;
  }

  /** This replica leads, and may serve. */
  public boolean leads() {
    return replica.isLeaderReady();
  }

  public long logStartOffset() {
    return highWatermark.logStartOffset();
  }

  public long highWatermark() {
    return highWatermark.value();
  }

  /** What readers of its topic are given counts here. */
  public TopicTraffic traffic() {
    return traffic;
  }

  /** Bytes that were taken here and are not yet applied. */
  public long inFlightBytes() {
    return inFlight.used();
  }

  /** The topic was deleted, or this node stops. */
  public boolean closed() {
    return highWatermark.closed();
  }

  /**
   * Appends a batch. Completes once it is on the disks of a majority and applied here; in order; on
   * Raft's threads, so callbacks must only hand off. Fails with a {@link FlotillaException}: at
   * once with NOT_LEADER, LEADER_UNKNOWN, THROTTLED or DISK_FULL (nothing was written); later with
   * OUTCOME_UNKNOWN, or with the refusal that the log decided on.
   */
  public CompletableFuture<Appended> append(AppendBatch batch) {
    if (!leads()) {
      return CompletableFuture.failedFuture(
          FlotillaException.notLeader("this node does not lead partition " + id, null));
    }
    long bytes = batch.getBatch().getPayload().size();
    if (!take(bytes)) {
      return CompletableFuture.failedFuture(
          FlotillaException.throttled(
              "too many bytes are in flight to partition " + id + " or through this node",
              RETRY_AFTER));
    }
    long begin = System.nanoTime();
    CompletableFuture<Appended> result = new CompletableFuture<>();
    var unused =
        committer
            .append(id, batch)
            .whenComplete(
                (outcome, fault) -> {
                  giveBack(bytes);
                  complete(result, batch, outcome, fault, System.nanoTime() - begin);
                });
    return result;
  }

  private boolean take(long bytes) {
    if (!inFlight.tryTake(bytes)) {
      return false;
    }
    if (!nodeInFlight.tryTake(bytes)) {
      inFlight.giveBack(bytes);
      return false;
    }
    return true;
  }

  private void giveBack(long bytes) {
    inFlight.giveBack(bytes);
    nodeInFlight.giveBack(bytes);
  }

  private void complete(
      CompletableFuture<Appended> result,
      AppendBatch batch,
      @Nullable AppendOutcome outcome,
      @Nullable Throwable fault,
      long nanos) {
    if (outcome == null) {
      result.completeExceptionally(fault == null ? GroupCommitter.refusal(null) : fault);
    } else if (outcome.getError() != ErrorReason.ERROR_REASON_UNSPECIFIED) {
      result.completeExceptionally(AppendRefusal.of(id, batch, outcome));
    } else {
      if (!outcome.getDuplicate()) {
        EventBatch content = batch.getBatch();
        traffic.published(content.getEventCount(), content.getPayload().size(), nanos);
      }
      result.complete(
          new Appended(
              outcome.getFirstOffset(), outcome.getAppendTimeUnixMs(), outcome.getDuplicate()));
    }
  }

  /**
   * Deletes the events before an offset, on all replicas; the log start after it. Completes and
   * fails as an append does; with OFFSET_OUT_OF_RANGE beyond the high watermark.
   */
  public CompletableFuture<Long> trim(long upToOffset) {
    if (!leads()) {
      return CompletableFuture.failedFuture(
          FlotillaException.notLeader("this node does not lead partition " + id, null));
    }
    return committer
        .trim(id, upToOffset)
        .thenApply(
            outcome -> {
              if (outcome.getError() != ErrorReason.ERROR_REASON_UNSPECIFIED) {
                throw FlotillaException.outOfRange(
                    upToOffset, outcome.getLogStartOffset(), highWatermark.value());
              }
              return outcome.getLogStartOffset();
            });
  }

  /** How far consumer groups are. */
  public PartitionCursors cursors() {
    return cursors;
  }

  /** How far retention may trim. Reads no batch. */
  long trimPoint(RetentionLimits limits, long nowMs) {
    return reader.trimPoint(limits, nowMs);
  }

  /**
   * Has every replica do a step of compaction; whether there is more to do. Completes and fails as
   * an append does.
   */
  CompletableFuture<Boolean> compact(Compact step) {
    if (!leads()) {
      return CompletableFuture.failedFuture(
          FlotillaException.notLeader("this node does not lead partition " + id, null));
    }
    return committer
        .compact(id, step)
        .thenApply(
            outcome -> {
              if (outcome.getError() != ErrorReason.ERROR_REASON_UNSPECIFIED) {
                throw new FlotillaException(outcome.getError(), "a step of compaction was refused");
              }
              return outcome.getMore();
            });
  }

  /** Whether to compact now, and how far. */
  CompactionPlan compactionPlan(CompactionRules rules, long nowMs) {
    return reader.compactionPlan(rules, nowMs);
  }

  /** After THROTTLED: runs the signal once, as soon as there is room again; must only hand off. */
  public void awaitRoom(Runnable signal) {
    inFlight.awaitRoom(() -> nodeInFlight.awaitRoom(signal));
  }

  /**
   * Reads stored batches from an offset, about maxBytes of them but at least one; none at or beyond
   * the high watermark. Blocks on the disk at most. Fails with OFFSET_OUT_OF_RANGE below log start.
   */
  public ReadResult read(long offset, int maxBytes) {
    long end = highWatermark.value();
    long start = highWatermark.logStartOffset();
    if (offset < start) {
      throw FlotillaException.outOfRange(offset, start, end);
    }
    List<StoredBatch> batches = offset >= end ? List.of() : stored(offset, end, maxBytes);
    if (offset < end && (batches.isEmpty() || batches.get(0).getBaseOffset() > offset)) {
      // Compacted away, or trimmed since the look at the log start.
      long kept = reader.state().getLogStartOffset();
      if (offset < kept) {
        throw FlotillaException.outOfRange(offset, kept, end);
      }
    }
    long next =
        batches.isEmpty()
            ? Math.max(offset, end)
            : BatchOffsets.next(batches.get(batches.size() - 1));
    if (next >= end) {
      tail.wanted();
    }
    return new ReadResult(batches, next, end, start);
  }

  private List<StoredBatch> stored(long offset, long end, int maxBytes) {
    List<StoredBatch> newest = tail.read(offset, end, maxBytes);
    if (!newest.isEmpty()) {
      return newest;
    }
    try {
      return reader.read(offset, end, maxBytes);
    } catch (FlotillaException e) {
      if (e.reason() == ErrorReason.ERROR_REASON_CORRUPT_DATA) {
        suspect.set(true);
        corruptReads.increment();
      }
      throw e;
    }
  }

  /** Whether a reader has met corrupt data since this was asked last. */
  public boolean takeSuspicion() {
    return suspect.getAndSet(false);
  }

  /**
   * Reads a piece of this replica, checks each batch, and sums it up. Blocks on the disk. The
   * answer ends at the high watermark at the latest. Fails with OFFSET_OUT_OF_RANGE below log
   * start.
   */
  public LogDigest digest(long from, long to, long maxBytes) {
    long end = highWatermark.value();
    long start = highWatermark.logStartOffset();
    if (from < start) {
      throw FlotillaException.outOfRange(from, start, end);
    }
    return reader.digest(from, Math.min(to, end), maxBytes);
  }

  /** This replica's numbers as they are stored, all of one moment. */
  public PartitionState state() {
    return reader.state();
  }

  /** Signals once when an event at the offset can be read, or the partition is closed. */
  public Waiter awaitBeyond(long offset, Runnable signal) {
    return highWatermark.await(offset, signal);
  }

  /**
   * The high watermark, linearizable: confirmed by an entry that a majority took after the call.
   */
  public CompletableFuture<Long> end() {
    if (!replica.isLeader()) {
      return CompletableFuture.failedFuture(
          FlotillaException.notLeader("this node does not lead partition " + id, null));
    }
    return committer
        .barrier()
        .handle(
            (done, fault) -> {
              if (fault != null) {
                throw new FlotillaException(
                    ErrorReason.ERROR_REASON_OFFSET_NOT_AVAILABLE,
                    "the leader of partition " + id + " cannot yet say where the log ends");
              }
              return highWatermark.value();
            });
  }

  /** The earliest event whose timestamp is not before the given one; null when there is none. */
  public @Nullable TimeHit firstAtOrAfter(long timestampMs) {
    return reader.firstAtOrAfter(timestampMs, highWatermark.value(), limits);
  }

  /** Its replica is being rebuilt and no member of its group yet. */
  public boolean joining() {
    return replica.isJoining();
  }

  /** Its replica's rows turned out to be wrong, and are being rebuilt. */
  public boolean quarantined() {
    return replica.isQuarantined();
  }

  ReplicaStatus status() {
    GroupStatus group = replica.status();
    boolean damaged = quarantined() && group.role() != GroupStatus.Role.LEADER;
    return new ReplicaStatus(
        id,
        damaged ? ReplicaState.DAMAGED : ReplicaState.valueOf(group.role().name()),
        group.term(),
        logStartOffset(),
        highWatermark(),
        group.appliedIndex());
  }

  Replica replica() {
    return replica;
  }

  void appended(List<byte[]> rows) {
    tail.appended(rows);
  }

  void compacted() {
    tail.clear();
  }

  void advanced(long newLogStartOffset, long newHighWatermark) {
    highWatermark.advance(newLogStartOffset, newHighWatermark);
  }

  void close() {
    highWatermark.close();
    tail.clear();
  }
}
