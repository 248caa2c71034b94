package io.flotilla.cluster.sabotage;

/**
 * Where a node can be made to die: before and after each step that makes something durable, and
 * before and after it tells somebody. After gofail's points in etcd (tests/robustness/failpoint).
 */
public enum FailPoint {
  /** Entries are in the Raft log's file, and not yet synced. */
  BEFORE_LOG_SYNC(Names.LOG_CHANNEL, "flush", When.ENTER),
  /** They are on the disk, and nobody knows. */
  AFTER_LOG_SYNC(Names.LOG_CHANNEL, "flush", When.EXIT),
  /** An entry is committed, and this replica has not begun to apply it. */
  BEFORE_APPLY("io.flotilla.node.raft.StateMachineAdapter", "apply", When.ENTER),
  /** Its rows are about to be written. */
  BEFORE_STORE_WRITE(Names.STORE, "commit", When.ENTER),
  /** They are written, and no reader has been told. */
  AFTER_STORE_WRITE(Names.STORE, "commit", When.EXIT),
  /** It is applied and shown to readers. */
  AFTER_APPLY("io.flotilla.node.raft.StateMachineAdapter", "apply", When.EXIT),
  /** The store is about to be flushed. */
  BEFORE_CHECKPOINT(Names.STORE, "flush", When.ENTER),
  /** It is flushed, and the Raft log not purged. */
  AFTER_CHECKPOINT(Names.STORE, "flush", When.EXIT),
  /** Files of the Raft log are about to be deleted. */
  BEFORE_PURGE(Names.PURGE, "execute", When.ENTER),
  /** They are gone. */
  AFTER_PURGE(Names.PURGE, "execute", When.EXIT),
  /** A replica was rebuilt beside the one in use, and is about to be put in its place. */
  BEFORE_SWITCH("io.flotilla.node.raft.GroupSwitch", "switchTo", When.ENTER),
  /** It is in its place. */
  AFTER_SWITCH("io.flotilla.node.raft.GroupSwitch", "switchTo", When.EXIT),
  /** The start of a log is about to move. */
  BEFORE_TRIM(Names.LOG, "trim", When.ENTER),
  /** It has moved in the store. */
  AFTER_TRIM(Names.LOG, "trim", When.NEXT_STORE_WRITE),
  /** A step of compaction is about to be made. */
  BEFORE_COMPACTION(Names.LOG, "compact", When.ENTER),
  /** It is in the store. */
  AFTER_COMPACTION(Names.LOG, "compact", When.NEXT_STORE_WRITE),
  /** A leader is about to answer an append. */
  BEFORE_ACK("io.flotilla.node.partition.Partition", "complete", When.ENTER),
  /** It has answered. */
  AFTER_ACK("io.flotilla.node.partition.Partition", "complete", When.EXIT),
  /** A follower is about to confirm entries to its leader. */
  BEFORE_CONFIRM("io.flotilla.node.raft.FlushedReplies", "honest", When.ENTER),
  /** It is about to send that, having looked at its log. */
  AFTER_CONFIRM("io.flotilla.node.raft.FlushedReplies", "honest", When.EXIT);

  private final String type;
  private final String method;
  private final When when;

  /** The moment of a method's run. */
  enum When {
    ENTER,
    EXIT,
    /** After the next write to the store of the thread that left the method. */
    NEXT_STORE_WRITE
  }

  FailPoint(String type, String method, When when) {
    this.type = type;
    this.method = method;
    this.when = when;
  }

  String type() {
    return type;
  }

  String method() {
    return method;
  }

  When when() {
    return when;
  }

  /** Only a leader comes by. */
  public boolean ofLeadersOnly() {
    return this == BEFORE_ACK || this == AFTER_ACK;
  }

  /** Only a follower comes by. */
  public boolean ofFollowersOnly() {
    return this == BEFORE_CONFIRM
        || this == AFTER_CONFIRM
        || this == BEFORE_SWITCH
        || this == AFTER_SWITCH;
  }

  /** Come by seldom: the first pass is waited for. */
  public boolean isRare() {
    return switch (this) {
      case BEFORE_CHECKPOINT,
          AFTER_CHECKPOINT,
          BEFORE_PURGE,
          AFTER_PURGE,
          BEFORE_SWITCH,
          AFTER_SWITCH ->
          true;
      default -> false;
    };
  }

  /** Classes with several points. */
  static final class Names {
    static final String LOG_CHANNEL =
        "org.apache.ratis.server.raftlog.segmented.BufferedWriteChannel";
    static final String PURGE =
        "org.apache.ratis.server.raftlog.segmented.SegmentedRaftLogWorker$PurgeLog";
    static final String STORE = "io.flotilla.node.store.rocks.RocksStore";
    static final String LOG = "io.flotilla.node.core.log.EventLog";

    private Names() {}
  }
}
