package io.flotilla.node.simulation;

import com.google.protobuf.ByteString;
import io.flotilla.node.core.Applied;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of one group as Raft promises it: what is committed is for ever, in one order; what is
 * not may be lost when the leader changes. Who leads and what is committed is the schedule's to
 * say. Keeps all entries, also those that every node has purged. Confined to one thread.
 */
final class IdealRaft {

  /** An entry, and what came of it where it was applied first. */
  static final class Entry {
    final long term;
    final long timeMs;
    final ByteString command;
    final List<Proposal> proposals;
    @Nullable ByteString outcome;
    long sum;

    Entry(long term, long timeMs, ByteString command, List<Proposal> proposals) {
      this.term = term;
      this.timeMs = timeMs;
      this.command = command;
      this.proposals = List.copyOf(proposals);
    }
  }

  /** Of {@link #leader}: nobody. */
  static final int NOBODY = 0;

  private final long group;
  private final List<Entry> log = new ArrayList<>();
  private final ArrayDeque<Proposal> queue = new ArrayDeque<>();
  private long committed;
  private long term;
  private int leader = NOBODY;

  IdealRaft(long group) {
    this.group = group;
  }

  long group() {
    return group;
  }

  int leader() {
    return leader;
  }

  long term() {
    return term;
  }

  long committed() {
    return committed;
  }

  long end() {
    return log.size();
  }

  boolean hasWork() {
    return committed < log.size() || !queue.isEmpty();
  }

  Entry entry(long index) {
    return log.get((int) index - 1);
  }

  Applied at(long index) {
    return new Applied(entry(index).term, index);
  }

  /** The leader takes it, if there is one. */
  void propose(Proposal proposal) {
    if (leader == NOBODY) {
      proposal.end(Proposal.End.REFUSED, null);
    } else {
      queue.add(proposal);
    }
  }

  /** What is queued becomes entries of the leader's log. */
  void append(long timeMs, int commandsMax) {
    int most = Entries.commandsMax(group, commandsMax);
    while (leader != NOBODY && !queue.isEmpty()) {
      List<Proposal> batch = new ArrayList<>();
      while (batch.size() < most && !queue.isEmpty()) {
        batch.add(queue.remove());
      }
      log.add(new Entry(term, timeMs, Entries.pack(group, timeMs, batch), batch));
    }
  }

  /** A majority has some more entries. */
  void commit(int entries) {
    committed = Math.min(log.size(), committed + entries);
  }

  /** The leader's process ended: its clients hear nothing. */
  void leaderLost() {
    leader = NOBODY;
    openTail().forEach(Proposal::abandon);
    queue.forEach(Proposal::abandon);
    queue.clear();
  }

  /**
   * Another term begins. What was queued was never in a log.
   *
   * @param kept how many of the uncommitted entries the new leader has
   * @return whether any was lost
   */
  boolean elect(int node, int kept) {
    openTail().forEach(Proposal::abandon);
    boolean lost = log.size() > committed + kept;
    while (log.size() > committed + kept) {
      log.remove(log.size() - 1);
    }
    List<Proposal> never = List.copyOf(queue);
    queue.clear();
    leader = node;
    term++;
    never.forEach(one -> one.end(Proposal.End.REFUSED, null));
    return lost;
  }

  /** Those whose clients the leader has not answered: also committed ones that it lags behind. */
  private List<Proposal> openTail() {
    List<Proposal> open = new ArrayList<>();
    for (int i = log.size() - 1; i >= 0 && log.get(i).term == term; i--) {
      log.get(i).proposals.stream().filter(Proposal::isOpen).forEach(open::add);
    }
    return open;
  }
}
