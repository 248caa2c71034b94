package io.flotilla.node.controller;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.node.raft.ProposalException;
import io.flotilla.node.raft.RaftHost;
import io.flotilla.node.raft.Replica;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Proposes metadata commands on this node, which must lead the metadata. Stamps the time. Safe.
 * Futures complete on Raft's threads: callbacks must only hand off.
 */
public final class MetadataProposer {

  private final RaftHost raft;
  private final LongSupplier clock;

  public MetadataProposer(RaftHost raft, LongSupplier clock) {
    this.raft = raft;
    this.clock = clock;
  }

  /** Fails with NOT_LEADER or LEADER_UNKNOWN elsewhere, and with the refusal on refusal. */
  public CompletableFuture<MetadataOutcome> propose(MetadataCommand command) {
    Replica replica = raft.replica(GroupIds.METADATA);
    if (replica == null || !replica.isLeaderReady()) {
      return CompletableFuture.failedFuture(
          FlotillaException.notLeader("this node does not lead the metadata", null));
    }
    ByteString stamped =
        command.toBuilder().setTimeUnixMs(clock.getAsLong()).build().toByteString();
    return replica.propose(stamped).handle(MetadataProposer::outcome);
  }

  private static MetadataOutcome outcome(@Nullable ByteString bytes, @Nullable Throwable fault) {
    if (bytes == null) {
      throw refusal(fault);
    }
    try {
      MetadataOutcome outcome = MetadataOutcome.parseFrom(bytes);
      if (outcome.getError() != ErrorReason.ERROR_REASON_UNSPECIFIED) {
        throw new FlotillaException(outcome.getError(), outcome.getMessage());
      }
      return outcome;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("unreadable outcome of a metadata command", e);
    }
  }

  private static FlotillaException refusal(@Nullable Throwable fault) {
    Throwable cause =
        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    if (cause instanceof ProposalException p && p.kind() != ProposalException.Kind.UNKNOWN) {
      return FlotillaException.notLeader(String.valueOf(p.getMessage()), null);
    }
    return new FlotillaException(
        ErrorReason.ERROR_REASON_OUTCOME_UNKNOWN,
        "leadership of the metadata was lost while the change was under way");
  }
}
