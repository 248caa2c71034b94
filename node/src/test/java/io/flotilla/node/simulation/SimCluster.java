package io.flotilla.node.simulation;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.raft.GroupIds;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A few nodes and the logs of their groups. Delivers entries, and has replicas rebuilt by the
 * product's own export and switch when what they lack is purged. Confined to one thread.
 */
final class SimCluster {

  private final Swarm swarm;
  private final Build build;
  private final History history;
  private final Rebuilder rebuilder;
  private final List<SimNode> nodes = new ArrayList<>();
  private final SortedMap<Long, IdealRaft> rafts = new TreeMap<>();
  private long nowMs = 1_700_000_000_000L;

  SimCluster(Swarm swarm, Build build, History history) {
    this.swarm = swarm;
    this.build = build;
    this.history = history;
    this.rebuilder = new Rebuilder(this, build);
    for (int i = 1; i <= swarm.nodes(); i++) {
      nodes.add(new SimNode(i, build));
    }
    rafts.put(GroupIds.METADATA, new IdealRaft(GroupIds.METADATA));
  }

  long nowMs() {
    return nowMs;
  }

  void pass(long ms) {
    nowMs = Math.max(1, nowMs + ms);
  }

  List<SimNode> nodes() {
    return nodes;
  }

  SimNode node(int number) {
    return nodes.get(Math.floorMod(number, nodes.size()));
  }

  SortedMap<Long, IdealRaft> rafts() {
    return rafts;
  }

  Rebuilder rebuilder() {
    return rebuilder;
  }

  /** The log of a group that a node's metadata name. */
  IdealRaft raft(long group) {
    return rafts.computeIfAbsent(group, IdealRaft::new);
  }

  boolean hasMajority() {
    return 2 * nodes.stream().filter(SimNode::isReached).count() > nodes.size();
  }

  /** The node that leads a group, if its clients reach it and it still hosts the group. */
  @Nullable SimNode leader(long group) {
    int leader = raft(group).leader();
    SimNode node = leader == IdealRaft.NOBODY ? null : nodes.get(leader - 1);
    return node != null && node.isReached() && node.replica(group) != null ? node : null;
  }

  void propose(long group, Proposal proposal) {
    if (leader(group) == null) {
      proposal.end(Proposal.End.REFUSED, null);
      return;
    }
    if (build.answersEarly() && history.answerEarly(raft(group), proposal)) {
      return;
    }
    raft(group).propose(proposal);
  }

  /** The leader appends what is queued and a majority confirms some of it. */
  void commit(IdealRaft raft, int entries) {
    if (leader(raft.group()) != null && hasMajority()) {
      raft.append(nowMs, swarm.entryCommands());
      raft.commit(entries);
    }
  }

  /** False when the node cannot be elected. */
  boolean elect(IdealRaft raft, SimNode node, int kept) {
    if (!node.isReached() || node.replica(raft.group()) == null || !hasMajority()) {
      return false;
    }
    if (raft.elect(node.id(), kept)) {
      history.tally().count(Tally.Event.TAIL_LOST);
    }
    return true;
  }

  void crash(SimNode node) {
    history.tally().count(Tally.Event.CRASHED);
    for (IdealRaft raft : rafts.values()) {
      if (raft.leader() == node.id()) {
        raft.leaderLost();
      }
    }
    node.crash();
  }

  void wipe(SimNode node) {
    crash(node);
    node.wipe();
  }

  /** Whether the node lacks entries of the group that it may apply. */
  boolean lags(SimNode node, Replica replica) {
    IdealRaft raft = raft(replica.group);
    long most = build.deliverable(node.id(), raft);
    return replica.applied().index()
        < (node.isReached() ? most : Math.min(most, replica.received()));
  }

  /** Has a node apply some entries of a group, or rebuilds it when nobody has the next one. */
  void deliver(SimNode node, Replica replica, int entries) {
    IdealRaft raft = raft(replica.group);
    for (int i = 0; i < entries && lags(node, replica); i++) {
      long next = replica.applied().index() + 1;
      boolean own = next > replica.purged() && next <= replica.received();
      if (!own && next <= purgedAtLeader(raft.group())) {
        if (rebuilder.fromAnybody(node, replica)) {
          history.tally().count(Tally.Event.REBUILT_FOR_PURGE);
        }
        return;
      }
      if (next <= replica.received()) {
        history.tally().count(Tally.Event.ENTRY_REPLAYED);
      }
      apply(node, replica, raft, next);
    }
    if (replica.group == GroupIds.METADATA) {
      node.reconcile();
      node.image().groups().keySet().forEach(this::raft);
    }
  }

  /** Up to which entry the leader has none any more; 0 = there is none that could say. */
  long purgedAtLeader(long group) {
    SimNode leader = leader(group);
    Replica there = leader == null ? null : leader.replica(group);
    return there == null ? 0 : there.purged();
  }

  private void apply(SimNode node, Replica replica, IdealRaft raft, long index) {
    IdealRaft.Entry entry = raft.entry(index);
    ByteString outcome;
    try {
      outcome = node.apply(replica, raft.at(index), entry.command);
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new Violation(Invariant.ALIVE, e);
    }
    if (index > raft.committed()) {
      checkShown(replica);
      return;
    }
    List<? extends Message> outcomes = List.of();
    boolean first = entry.outcome == null;
    boolean answers = raft.leader() == node.id() && node.isReached() && entry.term == raft.term();
    if (first || answers) {
      outcomes = Entries.outcomes(raft.group(), outcome);
    }
    if (first) {
      entry.outcome = outcome;
      entry.sum = index % build.comparedEvery() == 0 ? node.sum(replica) : 0;
      history.committed(raft.group(), entry, outcomes);
      if (Coordinators.isCoordinator(raft.group())) {
        history.groups().changed(node.groups(raft.group()));
      }
    } else {
      Invariant.O6.holds(
          outcome.equals(entry.outcome),
          "group %d, entry %d: node %d answers otherwise than the first to apply it",
          raft.group(),
          index,
          node.id());
      compare(Invariant.O6, node, replica);
    }
    checkShown(replica);
    for (int i = 0; answers && i < outcomes.size(); i++) {
      entry.proposals.get(i).end(Proposal.End.ANSWERED, outcomes.get(i));
    }
  }

  /** Readers are shown what is committed, and no more. */
  private void checkShown(Replica replica) {
    for (PartitionId id : replica.partitions) {
      Invariant.O4.holds(
          replica.shown(id).end() <= history.partition(id).end(),
          "%s: readers are shown up to %d, committed is up to %d",
          id,
          replica.shown(id).end(),
          history.partition(id).end());
    }
  }

  /** A replica has the rows that the first one had that applied so far. */
  void compare(Invariant invariant, SimNode node, Replica replica) {
    IdealRaft raft = raft(replica.group);
    long index = replica.applied().index();
    Invariant.O4.holds(
        index <= raft.committed(),
        "group %d: node %d has applied %d, committed are %d",
        replica.group,
        node.id(),
        index,
        raft.committed());
    if (index == 0 || index % build.comparedEvery() != 0) {
      return;
    }
    IdealRaft.Entry entry = raft.entry(index);
    invariant.holds(
        entry.outcome == null || node.sum(replica) == entry.sum,
        "group %d behind entry %d: node %d has other rows than the first to apply it",
        replica.group,
        index,
        node.id());
  }

  /** A node that comes last and applies everything from the beginning is as the others are. */
  void replay() {
    SimNode fresh = new SimNode(nodes.size() + 1, build);
    nodes.add(fresh); // To be closed with the others.
    for (int pass = 0; pass < 2; pass++) {
      for (long group : List.copyOf(rafts.keySet())) {
        Replica replica = fresh.replica(group);
        for (long next = 1; replica != null && next <= raft(group).committed(); next++) {
          if (next > replica.applied().index()) {
            replay(fresh, replica, raft(group), next);
          }
        }
        fresh.reconcile();
      }
    }
  }

  private void replay(SimNode fresh, Replica replica, IdealRaft raft, long index) {
    ByteString outcome = fresh.apply(replica, raft.at(index), raft.entry(index).command);
    Invariant.O7.holds(
        outcome.equals(raft.entry(index).outcome),
        "group %d: the replay of entry %d answers otherwise",
        raft.group(),
        index);
    compare(Invariant.O7, fresh, replica);
  }

  void close() {
    nodes.forEach(SimNode::close);
  }
}
