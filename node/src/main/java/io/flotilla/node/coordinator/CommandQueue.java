package io.flotilla.node.coordinator;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.raft.ProposalException;
import io.flotilla.node.raft.Replica;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.ConsumerGroupOutcome;
import io.flotilla.proto.state.v1.CoordinatorCommand;
import io.flotilla.proto.state.v1.CoordinatorOutcome;
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
 * Commands on their way into a coordinator's Raft log. One entry is under way at a time; what comes
 * meanwhile goes together in the next one, so a thousand members that join at once cost a few
 * entries, and few rebalances. Nothing waits when nothing is under way. Confined to
 * flotilla-coordinator, on which futures complete, too.
 */
final class CommandQueue {

  /** More is refused. */
  static final int WAITING_MAX = 10_000;

  /** Bounds an entry, and for how long one holds up the thread that applies. */
  private static final int COMMANDS_PER_ENTRY_MAX = 500;

  private static final Duration RETRY_AFTER = Duration.ofMillis(200);

  private record Pending(
      @Nullable ConsumerGroupCommand command, CompletableFuture<ConsumerGroupOutcome> future) {}

  private final Supplier<@Nullable Replica> replica;
  private final LongSupplier clockMs;
  private final Executor thread;
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private boolean underWay;

  /**
   * @param clockMs in milliseconds since 1970, stamped into each entry
   */
  CommandQueue(Supplier<@Nullable Replica> replica, LongSupplier clockMs, Executor thread) {
    this.replica = replica;
    this.clockMs = clockMs;
    this.thread = thread;
  }

  /** Completes with what was done, or fails with why not. */
  CompletableFuture<ConsumerGroupOutcome> propose(ConsumerGroupCommand command) {
    return add(command);
  }

  /** Completes when everything that was acknowledged before the call has been applied here. */
  CompletableFuture<?> barrier() {
    return add(null);
  }

  private CompletableFuture<ConsumerGroupOutcome> add(@Nullable ConsumerGroupCommand command) {
    if (waiting.size() >= WAITING_MAX) {
      return CompletableFuture.failedFuture(
          FlotillaException.throttled(
              "too many changes of consumer groups are waiting", RETRY_AFTER));
    }
    Pending pending = new Pending(command, new CompletableFuture<>());
    waiting.add(pending);
    next();
    return pending.future;
  }

  private void next() {
    if (underWay || waiting.isEmpty()) {
      return;
    }
    List<Pending> entry = new ArrayList<>();
    CoordinatorCommand.Builder commands =
        CoordinatorCommand.newBuilder().setTimeUnixMs(clockMs.getAsLong());
    while (!waiting.isEmpty() && commands.getCommandsCount() < COMMANDS_PER_ENTRY_MAX) {
      Pending pending = waiting.remove();
      entry.add(pending);
      if (pending.command != null) {
        commands.addCommands(pending.command);
      }
    }
    underWay = true;
    var unused =
        propose(commands.build().toByteString())
            .whenCompleteAsync(
                (outcome, fault) -> {
                  underWay = false;
                  answer(entry, outcome, fault);
                  next();
                },
                thread);
  }

  private CompletableFuture<ByteString> propose(ByteString entry) {
    Replica open = replica.get();
    return open == null
        ? CompletableFuture.failedFuture(
            FlotillaException.notLeader("the coordinator is not open here", null))
        : open.propose(entry);
  }

  private static void answer(
      List<Pending> entry, @Nullable ByteString bytes, @Nullable Throwable fault) {
    if (bytes == null) {
      FlotillaException why = refusal(fault);
      entry.forEach(pending -> pending.future.completeExceptionally(why));
      return;
    }
    CoordinatorOutcome outcomes = parse(bytes);
    int i = 0;
    for (Pending pending : entry) {
      ConsumerGroupOutcome outcome =
          pending.command == null
              ? ConsumerGroupOutcome.getDefaultInstance()
              : outcomes.getOutcomes(i++);
      if (outcome.getError() == ErrorReason.ERROR_REASON_UNSPECIFIED) {
        pending.future.complete(outcome);
      } else {
        pending.future.completeExceptionally(
            new FlotillaException(outcome.getError(), outcome.getMessage()));
      }
    }
  }

  private static CoordinatorOutcome parse(ByteString bytes) {
    try {
      return CoordinatorOutcome.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("unreadable outcome of a coordinator's command", e);
    }
  }

  private static FlotillaException refusal(@Nullable Throwable fault) {
    Throwable cause =
        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    if (cause instanceof FlotillaException known) {
      return known;
    }
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
