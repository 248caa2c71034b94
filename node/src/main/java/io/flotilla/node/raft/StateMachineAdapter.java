package io.flotilla.node.raft;

import com.google.protobuf.ByteString;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.StateMachine;
import io.flotilla.node.store.CorruptStoreException;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.WriteBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a pure state machine under Ratis; written once for all machines. Applying runs on the
 * group's own Ratis thread, the only writer of the group's rows: each Raft entry is one atomic
 * write that also holds the applied index, then readers are shown it, then the proposer hears of
 * it. A command at or below the stored index is skipped, so replay after a crash is harmless. An
 * exception stops the replica: it must never be caught here.
 *
 * <p>Its "snapshot" is the store itself: a snapshot index says up to which entry the store is
 * durable (see {@link Checkpoints}), nothing is written for it.
 */
final class StateMachineAdapter extends BaseStateMachine {

  private static final Logger LOG = LoggerFactory.getLogger(StateMachineAdapter.class);

  private final long group;
  private final Store store;
  private final LongFunction<StateMachine> opener;
  private final RaftListener listener;
  private final PurgeLimit purgeLimit;
  private final Rebuilds rebuilds;
  private final OpenProposals proposals = new OpenProposals();
  private @Nullable Path logFolder;

  private @Nullable StateMachine machine;
  private volatile Applied stored = Applied.NONE;
  private volatile Applied durable = Applied.NONE;
  private volatile TermIndex snapshot = TermIndex.INITIAL_VALUE;

  StateMachineAdapter(
      long group,
      Store store,
      LongFunction<StateMachine> opener,
      RaftListener listener,
      PurgeLimit purgeLimit,
      Rebuilds rebuilds) {
    this.group = group;
    this.store = store;
    this.opener = opener;
    this.listener = listener;
    this.purgeLimit = purgeLimit;
    this.rebuilds = rebuilds;
    open();
  }

  private void open() {
    Applied found = AppliedRow.of(store, group);
    if (found.term() > 0) {
      // What the store holds when it is opened has been flushed: it is durable.
      stored = found;
      durable = found;
      snapshot = TermIndex.valueOf(found.term(), found.index());
      setLastAppliedTermIndex(snapshot);
    }
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage)
      throws java.io.IOException {
    super.initialize(server, groupId, storage);
    logFolder = storage.getStorageDir().getCurrentDir().toPath();
    machine = opener.apply(group);
    getLifeCycle().startAndTransition(() -> {});
  }

  /** Called while nobody else can change the term, so that it is the entry's. */
  @Override
  public TransactionContext preAppendTransaction(TransactionContext trx) {
    RaftClientRequest request = trx.getClientRequest();
    if (request != null) {
      proposals.append(request, term(getServer().join(), OpenProposals.TERM_NOT_KNOWN));
    }
    return trx;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext trx) {
    LogEntryProto entry = trx.getLogEntry();
    Applied at = new Applied(entry.getTerm(), entry.getIndex());
    StateMachineLogEntryProto command = entry.getStateMachineLogEntry();
    ByteString outcome =
        at.index() > stored.index() ? apply(at, Bytes.ofRatis(command.getLogData())) : null;
    updateLastAppliedTermIndex(at.term(), at.index());
    if (outcome != null) {
      proposals.applied(command, outcome);
    }
    proposals.reached(at.term());
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  /** An entry that is not a command: the first one of a leader, its members. */
  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    proposals.reached(term);
    super.notifyTermIndexUpdated(term, index);
  }

  private ByteString apply(Applied at, ByteString command) {
    StateMachine target = machine;
    if (target == null) {
      throw new IllegalStateException("group " + group + " applies before it is initialised");
    }
    ByteString outcome;
    try (WriteBatch batch = store.newBatch()) {
      outcome = target.apply(at, command, batch);
      AppliedRow.put(batch, group, at, false);
      store.commit(batch);
    } catch (CorruptStoreException e) {
      // The node's next start has the others rebuild it; this one cannot go on.
      store.giveUp(String.valueOf(e.getMessage()));
      listener.fatal("an entry of group " + group + " met damaged rows in the store", e);
      throw e;
    } catch (RuntimeException e) {
      LOG.error(
          "replica stops: entry could not be applied group={} term={} index={} bytes={}",
          group,
          at.term(),
          at.index(),
          command.size());
      throw e;
    }
    stored = at;
    target.publish();
    return outcome;
  }

  /** What has been applied and committed to the store, durable or not. */
  Applied stored() {
    return stored;
  }

  /** The same, with the entries behind it that change nothing in the store. */
  Applied applied() {
    TermIndex at = getLastAppliedTermIndex();
    return at.getTerm() == 0 ? Applied.NONE : new Applied(at.getTerm(), at.getIndex());
  }

  /** The store has been flushed since it held this, or an older one before a rebuild. */
  void durable(Applied at) {
    if (at.index() > durable.index()) {
      durable = at;
    }
  }

  /** How far the last snapshot lies behind what is durable. */
  long snapshotGap() {
    return durable.index() - snapshot.getIndex();
  }

  /**
   * Names an entry up to which the log is purged; see {@link PurgeLimit}. None while the store has
   * no word of the group: an idle group's only entry is its members, and nothing else tells them.
   */
  @Override
  public long takeSnapshot() throws java.io.IOException {
    Path folder = logFolder;
    if (folder == null || durable.term() == 0) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    RaftServer.Division division = getServer().join().getDivision(getGroupId());
    long index = purgeLimit.last(group, division, folder, durable.index());
    TermIndex at = index > snapshot.getIndex() ? division.getRaftLog().getTermIndex(index) : null;
    if (at == null) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    snapshot = at;
    return index;
  }

  /**
   * The leader has purged entries that this replica lacks: it is rebuilt. By the time the future
   * could complete well the group has been closed and opened anew, so it only ever fails, and then
   * Ratis asks again. (Ratis's own way of going on, reloading within the open group, waits for ever
   * when the leader changes to one that has purged less.)
   */
  @Override
  public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(
      RoleInfoProto role, TermIndex first) {
    List<String> peers = new ArrayList<>();
    peers.add(role.getFollowerInfo().getLeaderInfo().getId().getId().toStringUtf8());
    try {
      getServer().join().getDivision(getGroupId()).getRaftConf().getAllPeers().stream()
          .map(peer -> peer.getId().toString())
          .filter(peer -> !peers.contains(peer) && !peer.equals(String.valueOf(getId())))
          .forEach(peers::add);
    } catch (java.io.IOException e) {
      LOG.debug("group {} is being closed", group, e);
    }
    return rebuilds
        .begin(group, peers, first.getIndex() - 1)
        .thenApply(at -> TermIndex.valueOf(at.term(), at.index()));
  }

  @Override
  public @Nullable SnapshotInfo getLatestSnapshot() {
    TermIndex at = snapshot;
    return at.getTerm() == 0 ? null : new DurableState(at);
  }

  @Override
  public CompletableFuture<Message> query(Message request) {
    // A barrier: by the time it is called, what was committed before the request has been applied.
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  @Override
  public void notifyLeaderReady() {
    var unused = getServer().thenAccept(server -> listener.leaderReady(group, term(server, 0)));
  }

  private long term(RaftServer server, long otherwise) {
    try {
      return server.getDivision(getGroupId()).getInfo().getCurrentTerm();
    } catch (java.io.IOException e) {
      LOG.debug("group {} was closed meanwhile", group, e);
      return otherwise;
    }
  }

  @Override
  public void close() throws java.io.IOException {
    proposals.close();
    super.close();
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    listener.leaderChanged(group);
  }

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto failedEntry) {
    listener.fatal("the Raft log of group " + group + " could not be written", cause);
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
    if (allServer) {
      LOG.info("raft server closed group={}", group);
    }
  }

  /** The store up to an index; there are no files to ship. */
  private record DurableState(TermIndex at) implements SnapshotInfo {
    @Override
    public TermIndex getTermIndex() {
      return at;
    }

    @Override
    public List<FileInfo> getFiles() {
      return List.of();
    }
  }
}
