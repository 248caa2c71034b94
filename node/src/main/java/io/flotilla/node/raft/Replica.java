package io.flotilla.node.raft;

import com.google.protobuf.ByteString;
import io.flotilla.node.config.RaftConfig;
import io.flotilla.node.raft.GroupStatus.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.LeaderInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.TransferLeadershipException;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Raft group's replica on this node. Safe. Futures complete on Ratis threads, those of proposals
 * on the thread that applies or on the JDK's timer: callbacks must only hand off.
 */
public final class Replica {

  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
  private static final long TRANSFER_TIMEOUT_MS = 3_000;
  private static final long PURGE_TIMEOUT_MS = 60_000;
  private static final long BEHIND_ENTRIES_MAX = 16;

  private final RaftServer server;
  private final long group;
  private final ClientId clientId;
  private final RaftConfig config;
  private volatile boolean quarantined;

  Replica(RaftServer server, long group, ClientId clientId, RaftConfig config) {
    this.server = server;
    this.group = group;
    this.clientId = clientId;
    this.config = config;
  }

  public long group() {
    return group;
  }

  /** Within this time a follower hears of what its leader has committed, as a rule much sooner. */
  public Duration heartbeat() {
    return config.heartbeat();
  }

  /**
   * Proposes an entry; the caller fixes the order by calling from one thread at a time. Completes
   * with the outcome, also when leadership was lost meanwhile and the next leader committed it, or
   * fails with a {@link ProposalException} that says whether it may have happened.
   */
  public CompletableFuture<ByteString> propose(ByteString command) {
    if (!isLeader()) {
      return CompletableFuture.failedFuture(
          new ProposalException(ProposalException.Kind.NOT_LEADER, "this replica does not lead"));
    }
    Proposal proposal = new Proposal(command);
    var unused =
        submit(proposal, RaftClientRequest.writeRequestType())
            .whenComplete((reply, fault) -> proposal.settle(fault));
    return proposal.fate();
  }

  /**
   * Completes when this replica has applied what the leader had committed; on any replica. Fresh,
   * but not linearizable: Ratis takes a confirmation by a majority for good as long as the commit
   * index stands still, so a leader that is cut off without knowing still answers.
   */
  public CompletableFuture<Void> readBarrier() {
    return submit(Message.EMPTY, RaftClientRequest.readRequestType()).thenApply(reply -> null);
  }

  private CompletableFuture<RaftClientReply> submit(Message message, RaftClientRequest.Type type) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(clientId)
            .setServerId(server.getId())
            .setGroupId(GroupIds.toRatis(group))
            .setCallId(CallIds.next())
            .setMessage(message)
            .setType(type)
            .build();
    CompletableFuture<RaftClientReply> future;
    try {
      future = division().submitClientRequestAsync(request);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(
          new ProposalException(
              ProposalException.Kind.NOT_LEADER, "the group is not open here", e));
    }
    return future.handle(Replica::check);
  }

  /**
   * The division takes requests on the caller's thread; the server's own entry point would block it
   * and hop twice. The division's class is hidden, the interface that it implements is not.
   */
  private RaftClientAsynchronousProtocol division() throws IOException {
    RaftServer.Division division = server.getDivision(GroupIds.toRatis(group));
    return division instanceof RaftClientAsynchronousProtocol direct ? direct : server;
  }

  private static RaftClientReply check(
      @Nullable RaftClientReply reply, @Nullable Throwable thrown) {
    if (thrown == null && reply != null && reply.isSuccess()) {
      return reply;
    }
    Throwable fault = thrown != null || reply == null ? thrown : reply.getException();
    Throwable cause = fault != null && fault.getCause() != null ? fault.getCause() : fault;
    if (cause instanceof LeaderNotReadyException || cause instanceof LeaderSteppingDownException) {
      // Refused before it was appended.
      throw new ProposalException(
          ProposalException.Kind.NOT_READY, "the leader is not ready", cause);
    }
    if (cause instanceof ResourceUnavailableException) {
      throw new ProposalException(
          ProposalException.Kind.THROTTLED, "too many entries are pending in the group", cause);
    }
    // Also "not leader": it may have been appended before leadership was lost, and commit yet.
    throw new ProposalException(
        ProposalException.Kind.UNKNOWN, "leadership was lost while the entry was under way", cause);
  }

  public boolean isLeader() {
    DivisionInfo info = info();
    return info != null && info.isLeader();
  }

  /** It leads, and has applied an entry of its own term. */
  public boolean isLeaderReady() {
    DivisionInfo info = info();
    return info != null && info.isLeaderReady();
  }

  public GroupStatus status() {
    DivisionInfo info = info();
    if (info == null || !info.isAlive()) {
      return GroupStatus.CLOSED;
    }
    Role role =
        info.isLeader()
            ? Role.LEADER
            : info.isCandidate() ? Role.CANDIDATE : isJoining() ? Role.JOINING : Role.FOLLOWER;
    RaftPeerId leader = info.getLeaderId();
    return new GroupStatus(
        role,
        info.isLeaderReady(),
        info.getCurrentTerm(),
        lastApplied(),
        leader == null ? "" : leader.toString());
  }

  /** Negative when there is none. Ratis itself fails when it is asked while the group opens. */
  private long lastApplied() {
    try {
      RaftServer.Division division = server.getDivision(GroupIds.toRatis(group));
      return division.getStateMachine().getLastAppliedTermIndex().getIndex();
    } catch (IOException e) {
      LOG.trace("group {} is not open here", group, e);
      return RaftLog.INVALID_LOG_INDEX;
    }
  }

  /** It is open here, but no member of its group: it has not been let in yet. */
  public boolean isJoining() {
    try {
      RaftServer.Division division = server.getDivision(GroupIds.toRatis(group));
      return division.getRaftConf().getPeer(server.getId()) == null;
    } catch (IOException e) {
      LOG.trace("group {} is not open here", group, e);
      return false;
    }
  }

  /**
   * It is open, and a member of its group by a change of members that is complete: one that is
   * under way could still be lost with its leader. Also false while its rows are switched.
   */
  public boolean isMember() {
    try {
      RaftServer.Division division = server.getDivision(GroupIds.toRatis(group));
      RaftConfiguration members = division.getRaftConf();
      return members.getPeer(server.getId()) != null
          && members.getPreviousPeers().isEmpty()
          && members.getLogEntryIndex() <= lastApplied();
    } catch (IOException e) {
      LOG.trace("group {} is not open here", group, e);
      return false;
    }
  }

  /** Its rows turned out to be wrong, and are being rebuilt. */
  public boolean isQuarantined() {
    return quarantined;
  }

  void quarantined(boolean is) {
    quarantined = is;
  }

  /** On the leader: the follower answered within the given time and has nearly everything. */
  public boolean isCaughtUp(String follower, long withinMs, long entriesMax) {
    return followers().stream()
        .anyMatch(
            one ->
                one.peer().equals(follower)
                    && one.heardMs() <= withinMs
                    && one.behindEntries() <= entriesMax);
  }

  /** On the leader: its followers; none elsewhere. */
  public List<Follower> followers() {
    DivisionInfo info = info();
    if (info == null || !info.isLeader()) {
      return List.of();
    }
    LeaderInfoProto leader = LeaderInfo.of(info);
    long[] matches = info.getFollowerMatchIndices();
    if (matches == null) { // It has just stopped leading.
      return List.of();
    }
    int known = Math.min(matches.length, leader.getFollowerInfoCount());
    List<Follower> followers = new ArrayList<>(known);
    for (int i = 0; i < known; i++) {
      ServerRpcProto rpc = leader.getFollowerInfo(i);
      followers.add(
          new Follower(
              rpc.getId().getId().toStringUtf8(),
              rpc.getLastRpcElapsedTimeMs(),
              Math.max(0, info.getLastAppliedIndex() - matches[i])));
    }
    return followers;
  }

  /** Entries that are committed, as far as this replica knows, and not yet applied here. */
  public long behindEntries() {
    try {
      RaftServer.Division division = server.getDivision(GroupIds.toRatis(group));
      return Math.max(0, division.getRaftLog().getLastCommittedIndex() - lastApplied());
    } catch (IOException e) {
      LOG.trace("group {} is not open here", group, e);
      return 0;
    }
  }

  /** Asks the leader here to hand leadership to a peer. True when it did. */
  public CompletableFuture<Boolean> transferLeadership(String peerId) {
    return transfer(RaftPeerId.valueOf(peerId))
        .handle(
            (reply, fault) -> {
              boolean done = fault == null && reply.isSuccess();
              if (!done && reply != null && isStuck(reply.getException())) {
                LOG.warn("leader steps down after a transfer that failed group={}", group);
                var unused = transfer(null);
              }
              return done;
            });
  }

  /**
   * In Ratis 3.3.0 a transfer that fails as soon as it begins, to a node killed just now, say,
   * leaves the leader "stepping down", refusing every write, until somebody is elected.
   */
  private boolean isStuck(@Nullable Throwable fault) {
    return fault instanceof TransferLeadershipException
        && String.valueOf(fault.getMessage()).contains("Failed to transfer leadership")
        && !String.valueOf(fault.getMessage()).contains("TIMED_OUT")
        && isLeader();
  }

  /**
   * Hands leadership on.
   *
   * @param to null = to whoever is elected
   */
  private CompletableFuture<RaftClientReply> transfer(@Nullable RaftPeerId to) {
    try {
      return server.transferLeadershipAsync(
          new TransferLeadershipRequest(
              clientId,
              server.getId(),
              GroupIds.toRatis(group),
              CallIds.next(),
              to,
              TRANSFER_TIMEOUT_MS));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** On the leader: the peer answers and has nearly everything, so it could lead soon. */
  public boolean isCaughtUp(String follower) {
    return isCaughtUp(follower, config.heardWithin().toMillis(), BEHIND_ENTRIES_MAX);
  }

  /**
   * Hands leadership to a peer that has nearly everything, if this replica has it. Completes, after
   * seconds at most, with whether this replica does not lead now.
   */
  public CompletableFuture<Boolean> handOver() {
    if (!isLeader()) {
      return CompletableFuture.completedFuture(true);
    }
    return followers().stream()
        .filter(one -> isCaughtUp(one.peer()))
        .min(Comparator.comparingLong(Follower::heardMs)) // One that hangs was heard long ago.
        .map(one -> transferLeadership(one.peer()))
        .orElse(CompletableFuture.completedFuture(false))
        .completeOnTimeout(false, 2 * TRANSFER_TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .thenApply(done -> !isLeader());
  }

  /** Has Ratis take the adapter's snapshot, which writes nothing, and purge the log behind it. */
  void purge() {
    var unused =
        server
            .snapshotManagementAsync(
                SnapshotManagementRequest.newCreate(
                    clientId,
                    server.getId(),
                    GroupIds.toRatis(group),
                    CallIds.next(),
                    PURGE_TIMEOUT_MS,
                    1))
            .whenComplete(
                (reply, fault) -> {
                  if (fault != null) {
                    LOG.debug("purge of group {} was put off", group, fault);
                  }
                });
  }

  private @Nullable DivisionInfo info() {
    try {
      return server.getDivision(GroupIds.toRatis(group)).getInfo();
    } catch (IOException e) {
      LOG.trace("group {} is not open here", group, e);
      return null;
    }
  }
}
