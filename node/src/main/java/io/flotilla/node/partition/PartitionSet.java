package io.flotilla.node.partition;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.config.PartitionConfig;
import io.flotilla.node.config.RaftConfig;
import io.flotilla.node.core.log.LogListener;
import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.MetadataLimits;
import io.flotilla.node.core.metadata.NodeInfo;
import io.flotilla.node.disk.FullDisks;
import io.flotilla.node.metrics.TrafficMeters;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.NodeIdentity;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.raft.GroupPeer;
import io.flotilla.node.raft.RaftHost;
import io.flotilla.node.raft.Replica;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.WriteBatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of this node. Compares what the metadata wants here with what is open, and repairs
 * the difference, idempotently, again and again: the same loop serves creation, deletion and
 * restart. The loop has one thread; looking up is safe from any.
 *
 * <p>After a restart the metadata may be older than the groups on disk. So a group or partition is
 * removed only when the metadata has given out its number and no longer knows it.
 */
public final class PartitionSet implements LogListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionSet.class);
  private static final long RECONCILE_EVERY_SECONDS = 5;

  private final String peerId;
  private final RaftHost raft;
  private final Store store;
  private final RaftConfig raftConfig;
  private final PartitionConfig config;
  private final BatchLimits limits;
  private final LongSupplier clock;
  private final Supplier<MetadataImage> wanted;
  private final InFlightBytes nodeInFlight;
  private final TailCache tails;
  private final Map<PartitionId, Partition> open = new ConcurrentHashMap<>();
  private final Set<Long> suspended = new HashSet<>(); // guarded by this
  private final GroupExports exports;
  private final LongAdder corruptReads = new LongAdder();
  private final AtomicBoolean due = new AtomicBoolean();
  private final ExecutorService pumps;
  private final ScheduledExecutorService loop;
  private FullDisks disks = FullDisks.NONE;
  private TrafficMeters traffic = TrafficMeters.untold();

  public PartitionSet(
      RaftHost raft,
      Store store,
      RaftConfig raftConfig,
      PartitionConfig config,
      BatchLimits limits,
      LongSupplier clock,
      Supplier<MetadataImage> wanted) {
    this.peerId = raft.peerId();
    this.raft = raft;
    this.store = store;
    this.raftConfig = raftConfig;
    this.config = config;
    this.limits = limits;
    this.clock = clock;
    this.wanted = wanted;
    this.exports = new GroupExports(raft, store, wanted);
    this.tails = new TailCache(config.tailCacheBytes(), System::nanoTime);
    this.nodeInFlight = new InFlightBytes(config.nodeInFlightBytesMax());
    this.pumps = Executors.newFixedThreadPool(2, task -> daemon(task, "flotilla-propose"));
    this.loop =
        Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "flotilla-reconcile"));
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Refuses to append where a disk is full. Before start. */
  public void refuseBy(FullDisks full) {
    disks = full;
  }

  /** Counts there what comes and goes. Before start. */
  public void measureBy(TrafficMeters meters) {
    traffic = meters;
  }

  /** Begins to reconcile. */
  public void start() {
    var unused =
        loop.scheduleWithFixedDelay(
            this::reconcileSafely, 0, RECONCILE_EVERY_SECONDS, TimeUnit.SECONDS);
  }

  /** The metadata changed: reconcile soon. Does not block. */
  public void metadataChanged() {
    if (due.compareAndSet(false, true) && !loop.isShutdown()) {
      loop.execute(this::reconcileSafely);
    }
  }

  /** What this node may hold and take, as it is on this machine. */
  public PartitionConfig limits() {
    return config;
  }

  /** The partition, if it is hosted and open here. */
  public @Nullable Partition get(PartitionId id) {
    return open.get(id);
  }

  /** The groups of this node as other nodes take them. */
  public GroupExports exports() {
    return exports;
  }

  /**
   * The group's rows are about to be replaced: closes its partitions, whose readers go on elsewhere
   * or later, and opens none until {@link #resume}.
   */
  public synchronized void suspend(long group) {
    suspended.add(group); // guards suspended, and that nothing opens meanwhile
    for (Partition partition : List.copyOf(open.values())) {
      if (partition.replica().group() == group && open.remove(partition.id(), partition)) {
        partition.close();
      }
    }
  }

  /** The group's rows are in place: its partitions open again soon. */
  public void resume(long group) {
    synchronized (this) { // guards suspended
      suspended.remove(group);
    }
    metadataChanged();
  }

  /** Reads that met events that were not as they had been stored. */
  public long corruptReads() {
    return corruptReads.sum();
  }

  public List<ReplicaStatus> replicas() {
    return open.values().stream().map(Partition::status).toList();
  }

  /** Bytes that leaders here have taken and not yet applied, of all partitions. */
  public long inFlightBytes() {
    return nodeInFlight.used();
  }

  /** The open partitions. */
  public List<Partition> partitions() {
    return List.copyOf(open.values());
  }

  /** The groups that are led by somebody for the sake of partitions or consumer groups. */
  List<Replica> groups() {
    Stream<Replica> coordinators =
        raft.groups().stream()
            .filter(Coordinators::isCoordinator)
            .map(raft::replica)
            .filter(Objects::nonNull);
    return Stream.concat(coordinators, open.values().stream().map(Partition::replica))
        .distinct()
        .toList();
  }

  @Override
  public void appended(PartitionId id, List<byte[]> rows) {
    Partition partition = open.get(id);
    if (partition != null) {
      partition.appended(rows);
    }
  }

  @Override
  public void compacted(PartitionId id) {
    Partition partition = open.get(id);
    if (partition != null) {
      partition.compacted();
    }
  }

  @Override
  public void advanced(PartitionId id, long logStartOffset, long highWatermark) {
    Partition partition = open.get(id);
    if (partition != null) {
      partition.advanced(logStartOffset, highWatermark);
    }
  }

  private void reconcileSafely() {
    due.set(false);
    try {
      reconcile(wanted.get());
    } catch (RuntimeException e) {
      if (loop.isShutdown()) {
        LOG.debug("the node stops while it opens or removes a group", e);
      } else {
        LOG.error("reconciling failed; it is tried again in {} s", RECONCILE_EVERY_SECONDS, e);
      }
    }
  }

  private void reconcile(MetadataImage image) {
    if (image.revision() == 0) {
      return; // Not heard of any metadata yet.
    }
    for (Partition partition : List.copyOf(open.values())) {
      int topicId = partition.id().topicId();
      if (!image.topicsById().containsKey(topicId) && topicId < image.nextTopicId()) {
        open.remove(partition.id());
        partition.close();
        traffic.gone(topicId);
      }
    }
    for (long group : raft.groups()) {
      // The cluster's own groups are for ever, and their numbers below all that are given out.
      boolean given = group >= MetadataLimits.FIRST_GROUP && group < image.nextGroup();
      if (given && !image.groups().containsKey(group)) {
        raft.removeGroup(group);
      }
    }
    sweep(image);
    raft.expectGroups(
        (int) image.groups().values().stream().filter(g -> g.peers().contains(peerId)).count());
    for (GroupInfo group : image.groups().values()) {
      if (group.peers().contains(peerId)) {
        host(image, group);
      }
    }
  }

  /** Deletes the rows of partitions that are no more, also those of topics deleted while down. */
  private void sweep(MetadataImage image) {
    Set<Integer> topics = new HashSet<>();
    for (PartitionId id : LogReader.partitions(store)) {
      boolean gone =
          !image.topicsById().containsKey(id.topicId()) && id.topicId() < image.nextTopicId();
      if (gone) {
        try (WriteBatch batch = store.newBatch()) {
          LogReader.dropPartition(id, batch);
          store.commit(batch);
        }
        topics.add(id.topicId());
        LOG.info("partition removed partition={}", id);
      }
    }
    topics.forEach(topic -> LogReader.reclaimTopic(topic, store));
  }

  private void host(MetadataImage image, GroupInfo group) {
    boolean founder = group.founders().contains(peerId);
    boolean hosted =
        raft.replica(group.group()) != null && !(founder && raft.isStillborn(group.group()));
    if (hosted && group.partitions().stream().allMatch(open::containsKey)) {
      return;
    }
    if (!hosted) {
      List<GroupPeer> peers = peers(image, group);
      if (peers.size() < group.founders().size()) {
        LOG.warn("group waits for the addresses of its peers group={}", group);
        return;
      }
      // Whoever is to replace a founder begins with nothing, no vote either, and is let in by the
      // leader: two such nodes must never elect each other on empty logs.
      raft.addGroup(group.group(), founder ? peers : List.of());
    }
    Replica replica = raft.replica(group.group());
    if (replica != null && !group.partitions().isEmpty()) {
      openPartitions(group, replica);
    }
  }

  private static List<GroupPeer> peers(MetadataImage image, GroupInfo group) {
    List<GroupPeer> peers = new ArrayList<>();
    for (String peer : group.founders()) {
      NodeInfo node = image.nodes().get(NodeIdentity.nodeIdOf(peer));
      if (node != null) {
        peers.add(new GroupPeer(peer, node.host(), node.raftPort()));
      }
    }
    return peers;
  }

  private synchronized void openPartitions(GroupInfo group, Replica replica) {
    if (suspended.contains(group.group())) { // guards against a switch of the group's rows
      return;
    }
    Executor proposer = pumps;
    GroupCommitter committer =
        new GroupCommitter(
            replica,
            clock,
            proposer,
            raftConfig.entryBytesMax(),
            raftConfig.entriesInFlightMax(),
            () -> refusal(group.group()),
            traffic);
    for (PartitionId id : group.partitions()) {
      if (open.containsKey(id)) {
        continue; // Its readers would wait for one that hears nothing any more.
      }
      Partition partition =
          new Partition(
              id,
              replica,
              committer,
              store,
              limits,
              new InFlightBytes(config.inFlightBytesMax()),
              nodeInFlight,
              corruptReads,
              tails.of(id),
              traffic.topic(id.topicId()));
      open.put(id, partition);
      // What was applied between reading the state and becoming visible here was not announced.
      LogReader reader = new LogReader(store, id);
      partition.advanced(reader.state().getLogStartOffset(), reader.state().getNextOffset());
      LOG.info("partition open partition={} group={}", id, group.group());
    }
  }

  /** Why nothing may be appended to the group: a full disk under one of its replicas. */
  private @Nullable FlotillaException refusal(long group) {
    if (disks.isEmpty()) {
      return null;
    }
    GroupInfo now = wanted.get().groups().get(group);
    return now == null ? null : disks.refusal(now.nodeIds());
  }

  /** Closes all partitions: their readers are told, their appends fail. */
  @Override
  public void close() {
    loop.shutdownNow();
    open.values().forEach(Partition::close);
    pumps.shutdown();
    exports.close();
  }
}
