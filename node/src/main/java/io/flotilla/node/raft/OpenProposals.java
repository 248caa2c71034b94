package io.flotilla.node.raft;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.ClientInvocationId;
import org.apache.ratis.protocol.RaftClientRequest;

/**
 * What a replica has appended to its log as the leader and not applied yet. It goes on being looked
 * for when leadership is lost: terms never fall along a log (Raft, section 5.3), so an entry either
 * comes before the first of a later term or never. Safe; bounded by what Ratis lets be pending.
 */
final class OpenProposals {

  /** A term that no entry reaches: its proposal is never called lost. */
  static final long TERM_NOT_KNOWN = Long.MAX_VALUE;

  private record Open(Proposal proposal, long term) {}

  private final Map<ClientInvocationId, Open> open = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** The newest term of what was applied. Written by the thread that applies. */
  private long reached;

  /**
   * A request is about to enter the log.
   *
   * @param term the entry's
   */
  void append(RaftClientRequest request, long term) {
    if (request.getMessage() instanceof Proposal proposal) {
      proposal.append();
      open.put(ClientInvocationId.valueOf(request), new Open(proposal, term));
      if (closed) {
        close();
      }
    }
  }

  /** An entry has been applied. On the thread that applies. */
  void applied(StateMachineLogEntryProto entry, ByteString outcome) {
    Open mine = open.remove(ClientInvocationId.valueOf(entry));
    if (mine != null) {
      mine.proposal.applied(outcome);
    }
  }

  /** An entry of this term, of whatever kind, has been applied. On the thread that applies. */
  void reached(long term) {
    if (term > reached) {
      reached = term;
      open.values().removeIf(each -> each.term < term && lost(each));
    }
  }

  private static boolean lost(Open each) {
    each.proposal.failed(
        ProposalException.Kind.NOT_LEADER,
        "another leader came before the entry was on a majority; it is not in the log",
        null);
    return true;
  }

  /** Nothing more is applied here. */
  void close() {
    closed = true;
    open.values()
        .removeIf(
            each -> {
              each.proposal.failed(
                  ProposalException.Kind.UNKNOWN,
                  "the replica was closed while the entry was under way",
                  null);
              return true;
            });
  }

  int size() {
    return open.size();
  }
}
