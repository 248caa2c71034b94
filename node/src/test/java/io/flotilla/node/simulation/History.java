package io.flotilla.node.simulation;

import com.google.protobuf.Message;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.state.v1.PartitionCommand;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that was committed, in its order, each entry once, with what the first replica to apply it
 * answered; checked against simple models on the way. Confined to one thread.
 */
final class History {

  private final Tally tally = new Tally();
  private final SortedMap<PartitionId, PartitionLedger> partitions = new TreeMap<>();
  private final MetadataLedger metadata = new MetadataLedger(tally);
  private final GroupsLedger groups = new GroupsLedger(tally);
  // Batches by their tags.
  private final BitSet stored = new BitSet();
  private final BitSet failed = new BitSet();
  private long tags;
  private long commands;

  PartitionLedger partition(PartitionId id) {
    return partitions.computeIfAbsent(id, any -> new PartitionLedger(any, tally));
  }

  SortedMap<PartitionId, PartitionLedger> partitions() {
    return partitions;
  }

  MetadataLedger metadata() {
    return metadata;
  }

  GroupsLedger groups() {
    return groups;
  }

  Tally tally() {
    return tally;
  }

  /** Commands that were committed. */
  long commands() {
    return commands;
  }

  /** Names a batch that is about to be sent. */
  long nextTag() {
    return ++tags;
  }

  /** A batch was refused for certain, each time that it was sent. */
  void failed(long tag) {
    failed.set((int) tag);
  }

  /** Nothing is in a log that definitely failed. */
  void checkFailed() {
    BitSet both = (BitSet) failed.clone();
    both.and(stored);
    Invariant.W2.holds(both.isEmpty(), "batches %s are stored", both);
  }

  void committed(long group, IdealRaft.Entry entry, List<? extends Message> outcomes) {
    commands += entry.proposals.size();
    if (group == GroupIds.METADATA) {
      metadata.committed(
          (MetadataCommand) entry.proposals.get(0).command(), (MetadataOutcome) outcomes.get(0));
    } else if (!Coordinators.isCoordinator(group)) {
      Invariant.W6.holds(
          outcomes.size() == entry.proposals.size(),
          "%d outcomes of %d commands",
          outcomes.size(),
          entry.proposals.size());
      for (int i = 0; i < outcomes.size(); i++) {
        committed(entry, entry.proposals.get(i), (AppendOutcome) outcomes.get(i));
      }
    }
  }

  private void committed(IdealRaft.Entry entry, Proposal proposal, AppendOutcome outcome) {
    PartitionCommand command = (PartitionCommand) proposal.command();
    PartitionLedger ledger = partition(PartitionId.of(command.getPartitionId()));
    if (ledger.committed(entry.timeMs, command, outcome, groups)) {
      stored.set((int) proposal.tag());
    }
  }

  /**
   * A leader that does not wait for a majority: what it would say, were nothing to come between.
   */
  boolean answerEarly(IdealRaft raft, Proposal proposal) {
    if (!(proposal.command() instanceof PartitionCommand command) || !command.hasAppend()) {
      return false;
    }
    long next = partition(PartitionId.of(command.getPartitionId())).promise(command.getAppend());
    raft.propose(new Proposal(command, proposal.tag(), Proposal.NOBODY));
    proposal.end(Proposal.End.ANSWERED, AppendOutcome.newBuilder().setFirstOffset(next).build());
    return true;
  }
}
