package io.flotilla.node.partition;

import io.flotilla.node.core.Applied;
import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.raft.AppliedRow;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.node.raft.RaftHost;
import io.flotilla.node.store.Snapshot;
import io.flotilla.node.store.Store;
import io.flotilla.proto.types.v1.ErrorReason;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Groups that are being given to other nodes, which rebuild their replicas from them. A few at a
 * time; one whose stream broke waits a while to be gone on with. While one is open, and shortly
 * behind, the group's log is kept from there on. Safe.
 */
public final class GroupExports implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GroupExports.class);

  /** Each keeps the store from freeing what is replaced meanwhile. */
  private static final int OPEN_MAX = 8;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** How long one waits whose stream broke. */
  private static final Duration PARKED_MAX = Duration.ofSeconds(60);

  /** However it goes on: a node that takes longer begins anew. */
  private static final Duration OPEN_TIME_MAX = Duration.ofHours(6);

  /** From the last chunk until the other node has switched and takes entries again. */
  private static final Duration SWITCH_MAX = Duration.ofSeconds(60);

  private final RaftHost raft;
  private final Store store;
  private final Supplier<MetadataImage> metadata;
  private final SecureRandom random = new SecureRandom();
  private final Map<Long, GroupExport> open = new HashMap<>(); // guarded by this
  private boolean closed; // guarded by this

  GroupExports(RaftHost raft, Store store, Supplier<MetadataImage> metadata) {
    this.raft = raft;
    this.store = store;
    this.metadata = metadata;
  }

  /**
   * A group's rows of this moment, or those of an earlier call.
   *
   * @param minIndex the rows must hold the effects of this entry
   * @param token which call's; 0, or one that is over: of this moment
   * @param afterChunk where to go on with them
   * @throws FlotillaException PARTITION_NOT_FOUND when the group is not here, OFFSET_NOT_AVAILABLE
   *     when it has not applied that much, THROTTLED when too many are open
   */
  public synchronized GroupExport open(long group, long minIndex, long token, long afterChunk) {
    GroupExport known = open.get(token); // guards open
    if (known != null && known.group() == group && known.resume(afterChunk)) {
      return known;
    }
    if (known != null && known.group() == group) {
      end(known);
    }
    if (closed || open.size() >= OPEN_MAX) {
      throw FlotillaException.throttled(
          "this node gives " + open.size() + " groups to other nodes already", RETRY_AFTER);
    }
    GroupInfo info = metadata.get().groups().get(group);
    Applied before = raft.applied(group);
    boolean own = group == GroupIds.METADATA || Coordinators.isCoordinator(group);
    boolean rows = own || (info != null && !info.partitions().isEmpty());
    if (raft.replica(group) == null || !rows) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND, "group " + group + " is not here");
    }
    if (before.index() < minIndex) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_OFFSET_NOT_AVAILABLE,
          "group " + group + " is applied up to " + before + " here, not to " + minIndex);
    }
    long fresh = random.nextLong() | 1;
    raft.holdLog(group, fresh, before.index(), OPEN_TIME_MAX);
    GroupExport export = export(fresh, group, before, info);
    open.put(fresh, export);
    LOG.info("group is given to another node group={} at={}", group, export.at());
    return export;
  }

  private GroupExport export(long token, long group, Applied before, @Nullable GroupInfo info) {
    Snapshot snapshot = store.snapshot();
    // Entries that change no row, a new leader's first one say, are only known in memory.
    Applied written = AppliedRow.of(snapshot, group);
    boolean newer = written.term() > 0 && written.index() >= before.index();
    Applied at = newer ? written : before;
    if (Coordinators.isCoordinator(group)) {
      return GroupExport.ofCoordinator(token, group, at, snapshot);
    }
    return info == null
        ? GroupExport.ofMetadata(token, group, at, snapshot)
        : GroupExport.ofPartitions(token, group, at, snapshot, info.partitions());
  }

  /** Its stream broke: it waits to be gone on with by another one. */
  public void park(GroupExport export) {
    long reader = export.reader();
    var unused =
        new CompletableFuture<Void>()
            .completeOnTimeout(null, PARKED_MAX.toMillis(), TimeUnit.MILLISECONDS)
            .thenRun(
                () -> {
                  if (export.reader() == reader) {
                    end(export);
                  }
                });
  }

  /** All of it has been given. */
  public void complete(GroupExport export) {
    LOG.info(
        "group was given to another node group={} at={} MB={}",
        export.group(),
        export.at(),
        export.totals().bytes() / 1_000_000);
    end(export);
  }

  private synchronized void end(GroupExport export) {
    if (open.remove(export.token(), export)) { // guards open
      export.close();
      raft.holdLog(export.group(), export.token(), export.at().index(), SWITCH_MAX);
    }
  }

  @Override
  public synchronized void close() {
    closed = true; // guards closed and open
    open.values().forEach(GroupExport::close);
    open.clear();
  }
}
