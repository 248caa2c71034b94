package io.flotilla.node.simulation;

import com.google.protobuf.Message;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.PartitionCommand;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A batch that a client sends, again and again until it is answered. Confined to one thread. */
final class Sent {

  private final World world;
  private final PartitionLedger ledger;
  private final AppendBatch append;
  private final long tag;
  private final long acknowledgedBefore;
  private final Consumer<ErrorReason> refusal;
  private int attempts;
  private int refused;
  private boolean done;
  private @Nullable Proposal last;

  /**
   * @param refusal hears why an attempt was not stored; OUTCOME_UNKNOWN when that is not certain
   */
  Sent(
      World world,
      PartitionId partition,
      AppendBatch append,
      long tag,
      Consumer<ErrorReason> refusal) {
    this.world = world;
    this.ledger = world.history().partition(partition);
    this.append = append;
    this.tag = tag;
    this.acknowledgedBefore = ledger.highestAcknowledged();
    this.refusal = refusal;
  }

  boolean isDone() {
    return done;
  }

  /** Gives up waiting for the last attempt, if it goes on, and makes another one. */
  void send() {
    if (last != null) {
      last.abandon();
    }
    attempts++;
    PartitionCommand command =
        PartitionCommand.newBuilder()
            .setPartitionId(ledger.id().toLong())
            .setAppend(append)
            .build();
    Proposal proposal = new Proposal(command, tag, this::heard);
    last = proposal;
    world.propose(proposal);
  }

  private void heard(Proposal.End end, @Nullable Message message) {
    if (end == Proposal.End.UNKNOWN || message == null) {
      refused += end == Proposal.End.REFUSED ? 1 : 0;
      refusal.accept(ErrorReason.ERROR_REASON_OUTCOME_UNKNOWN);
      return;
    }
    AppendOutcome outcome = (AppendOutcome) message;
    if (outcome.getError() != ErrorReason.ERROR_REASON_UNSPECIFIED) {
      refused++;
      refusal.accept(outcome.getError());
      return;
    }
    done = true;
    Invariant.W5.holds(
        outcome.getFirstOffset() > acknowledgedBefore,
        "%s: sent behind %d, stored at %d",
        ledger.id(),
        acknowledgedBefore,
        outcome.getFirstOffset());
    ledger.acknowledged(outcome.getFirstOffset(), append.getBatch());
  }

  /** At the end of all: whether every attempt was refused for certain. */
  void settle() {
    if (!done && attempts == refused) {
      world.history().failed(tag);
    }
  }
}
