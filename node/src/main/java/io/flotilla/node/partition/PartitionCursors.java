package io.flotilla.node.partition;

import io.flotilla.node.core.log.CursorRows;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.store.View;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.state.v1.CursorState;
import io.flotilla.proto.types.v1.StoredBatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How far consumer groups are in a partition as this node hosts it. Safe. Commands are proposed
 * here when this replica leads; what is read is what it has applied.
 */
public final class PartitionCursors {

  /** Bytes of commands in flight, so that a stuck partition does not gather them without end. */
  private static final long IN_FLIGHT_BYTES_MAX = 1 << 20;

  private static final Duration RETRY_AFTER = Duration.ofMillis(50);

  private final Partition partition;
  private final GroupCommitter committer;
  private final View view;
  private final InFlightBytes inFlight = new InFlightBytes(IN_FLIGHT_BYTES_MAX);

  PartitionCursors(Partition partition, GroupCommitter committer, View view) {
    this.partition = partition;
    this.committer = committer;
    this.view = view;
  }

  /** Completes and fails as an append does; what is refused fails with the reason. */
  public CompletableFuture<AppendOutcome> propose(CursorCommand command) {
    if (!partition.leads()) {
      return CompletableFuture.failedFuture(
          FlotillaException.notLeader("this node does not lead partition " + partition.id(), null));
    }
    long bytes = command.getSerializedSize();
    if (!inFlight.tryTake(bytes)) {
      return CompletableFuture.failedFuture(
          FlotillaException.throttled(
              "too many commits are in flight to partition " + partition.id(), RETRY_AFTER));
    }
    return committer
        .cursor(partition.id(), command)
        .whenComplete((outcome, fault) -> inFlight.giveBack(bytes))
        .thenApply(outcome -> accepted(command, outcome));
  }

  private AppendOutcome accepted(CursorCommand command, AppendOutcome outcome) {
    String group = "consumer group \"" + command.getGroup() + "\"";
    return switch (outcome.getError()) {
      case ERROR_REASON_UNSPECIFIED -> outcome;
      case ERROR_REASON_OFFSET_OUT_OF_RANGE ->
          throw FlotillaException.outOfRange(
              command.hasReset() ? command.getReset().getOffset() : command.getCommit().getOffset(),
              command.hasReset() ? partition.logStartOffset() : 0,
              partition.highWatermark());
      case ERROR_REASON_MEMBER_FENCED ->
          throw new FlotillaException(
              outcome.getError(),
              "%s has partition %s in generation %d, not %d"
                  .formatted(
                      group,
                      partition.id(),
                      outcome.getCursor().getGeneration(),
                      command.getGeneration()));
      default ->
          throw new FlotillaException(
              outcome.getError(), group + " in partition " + partition.id());
    };
  }

  /** A consumer group's cursor; null when it has none. */
  public @Nullable CursorState get(String group) {
    return CursorRows.read(view, partition.id(), group);
  }

  /** All cursors, by consumer group. */
  public Map<String, CursorState> all() {
    return CursorRows.all(view, partition.id());
  }

  /**
   * When the first event at an offset or behind it was appended, in milliseconds since 1970; 0 =
   * there is none. Reads one batch.
   */
  public long appendTimeFrom(long offset) {
    long from = Math.max(offset, partition.logStartOffset());
    List<StoredBatch> next = partition.read(from, 1).batches();
    return next.isEmpty() ? 0 : next.get(0).getAppendTimeUnixMs();
  }
}
