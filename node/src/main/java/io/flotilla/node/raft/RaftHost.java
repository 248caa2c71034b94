package io.flotilla.node.raft;

import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.config.RaftConfig;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.StateMachine;
import io.flotilla.node.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.AlreadyExistsException;
import org.apache.ratis.protocol.exceptions.GroupMismatchException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's Raft server with all its groups. Groups of an earlier run come back by themselves
 * when it starts; others are added and removed while it runs. Safe; adding, removing and closing
 * block.
 */
public final class RaftHost implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RaftHost.class);

  /** Beside the folder of the groups: how far their logs were. */
  static final String FLOORS = "floors";

  private static final long MANAGE_SECONDS_MAX = 60;

  private final String peerId;
  private final RaftConfig config;
  private final RaftProperties properties;
  private final RaftServer server;
  private final ClientId clientId = ClientId.randomId();
  private final Map<Long, Replica> replicas = new ConcurrentHashMap<>();
  private final Map<Long, StateMachineAdapter> adapters = new ConcurrentHashMap<>();
  private final Members members;
  private final FloorKeeper floors;
  private final Removals removals;
  private final Checkpoints checkpoints;
  private final PurgeLimit purgeLimit;
  private final GroupSwitch groupSwitch;
  private final Rebuilds rebuilds;
  private final Quarantine quarantine;
  private final LeaderWatch leaderWatch = new LeaderWatch();
  private final ShutGroups shutGroups = new ShutGroups();

  /**
   * @param self where this node's peer port is
   * @param opener opens the pure state machine of a group on the store
   */
  public RaftHost(
      RaftConfig config,
      Path dir,
      String peerId,
      ClusterNode self,
      Store store,
      LongFunction<StateMachine> opener,
      RaftListener listener) {
    RatisInPlace.check(RaftHost.class.getClassLoader());
    this.peerId = peerId;
    this.config = config;
    this.properties = RatisSettings.of(config, dir.toFile(), self.host(), self.raftPort());
    this.purgeLimit = new PurgeLimit(config.logKeepBytes());
    this.groupSwitch =
        new GroupSwitch(
            store, RatisSettings.groups(dir.toFile()).toPath(), new Divisions(), listener);
    this.rebuilds = new Rebuilds(config, store, groupSwitch);
    this.quarantine = new Quarantine(replicas::get, this::applied, purgeLimit, rebuilds, listener);
    rebuilds.dropLeftovers();
    GroupSwitch.finish(store, RatisSettings.groups(dir.toFile()).toPath());
    expectGroups(RatisSettings.groupsOnDisk(properties));
    try {
      this.server =
          RaftServer.newBuilder()
              .setServerId(RaftPeerId.valueOf(peerId))
              .setThreadGroup(new RaftThreads(peerId))
              .setStateMachineRegistry(
                  id -> {
                    long group = GroupIds.fromRatis(id);
                    StateMachineAdapter adapter =
                        new StateMachineAdapter(
                            group, store, opener, listener, purgeLimit, rebuilds);
                    adapters.put(group, adapter);
                    return adapter;
                  })
              .setProperties(properties)
              .setParameters(parameters())
              // The default formats, which must never happen to a log that is there.
              .setOption(RaftStorage.StartupOption.RECOVER)
              .build();
    } catch (IOException e) {
      throw new UncheckedIOException("the Raft server could not be built in " + dir, e);
    }
    this.floors = new FloorKeeper(dir.resolve(FLOORS), new LogProgress(server, replicas.keySet()));
    this.members = new Members(server, clientId);
    this.removals = new Removals(store, floors);
    this.checkpoints = new Checkpoints(config, store, this, removals);
  }

  private Parameters parameters() {
    Parameters parameters = new Parameters();
    GrpcConfigKeys.Server.setServicesCustomizer(
        parameters,
        (builder, types) ->
            builder
                .intercept(new FlushedReplies(this::flushedIndex))
                .intercept(shutGroups)
                .intercept(
                    new AddressedPeers(
                        peerId, group -> replicas.containsKey(GroupIds.fromRatis(group))))
                .addTransportFilter(leaderWatch.filter()));
    return parameters;
  }

  /** The last entry of the group's Raft log that is on disk; negative when it is not open here. */
  private long flushedIndex(RaftGroupId group) {
    try {
      return server.getDivision(group).getRaftLog().getFlushIndex();
    } catch (IOException e) {
      LOG.debug("group {} was closed meanwhile", group, e);
      return RaftLog.INVALID_LOG_INDEX;
    }
  }

  /** Starts the server with the groups of earlier runs, and the checkpoints. */
  public void start() {
    try {
      server.start();
      server.getGroupIds().forEach(id -> open(GroupIds.fromRatis(id)));
      leaderWatch.start(server);
    } catch (IOException e) {
      throw new UncheckedIOException("the Raft server could not start", e);
    }
    checkpoints.start();
    floors.start();
  }

  /** How many groups run; rises while the server starts. */
  public OpenGroups opened() {
    return OpenGroups.of(server);
  }

  private void open(long group) {
    replicas.computeIfAbsent(group, g -> new Replica(server, g, clientId, config));
  }

  /** The group's replica on this node; null when there is none (yet). */
  public @Nullable Replica replica(long group) {
    return replicas.get(group);
  }

  /** The numbers of the groups that have a replica here. */
  public Collection<Long> groups() {
    return List.copyOf(replicas.keySet());
  }

  /** How many groups this node is to hold: what is opened from now on gets its share of memory. */
  public void expectGroups(int groups) {
    RatisSettings.divide(properties, config, groups);
  }

  /** Who the members of the groups are, and how to change them. */
  public Members members() {
    return members;
  }

  /**
   * Makes this node a member of a new group; with no peers it has no vote and waits until the
   * group's leader lets it in. Done already: nothing happens, but a founder that was stopped before
   * its log had an entry is told its peers again: Ratis keeps them in the log only, and the group
   * would never elect anyone if that befell a majority. What it voted stays.
   */
  public void addGroup(long group, List<GroupPeer> peers) {
    RaftGroup raftGroup =
        RaftGroup.valueOf(GroupIds.toRatis(group), peers.stream().map(Members::ratis).toList());
    if (isStillborn(group)) {
      synchronized (groupSwitch) { // or it would be closed twice
        new Divisions().close(group);
        add(raftGroup, false);
      }
    } else {
      add(raftGroup, true);
    }
    open(group);
    leaderWatch.added(group, peers);
    LOG.info("group added group={} peers={}", group, peers);
  }

  /** Whether the group's replica here was stopped before its log had an entry, and its members. */
  public boolean isStillborn(long group) {
    try {
      RaftServer.Division division = server.getDivision(GroupIds.toRatis(group));
      return replicas.containsKey(group)
          && applied(group).equals(Applied.NONE)
          && division.getRaftLog().getNextIndex() == 0
          && division.getRaftConf().getCurrentPeers().isEmpty();
    } catch (IOException e) {
      return false; // It is not open here.
    }
  }

  private void add(RaftGroup group, boolean fresh) {
    shutGroups.shut(group.getGroupId());
    try {
      manage(GroupManagementRequest.newAdd(clientId, server.getId(), CallIds.next(), group, fresh));
    } finally {
      shutGroups.open(group.getGroupId());
    }
  }

  /** Closes the group's replica here and deletes its log. Not there: nothing happens. */
  public void removeGroup(long group) {
    synchronized (groupSwitch) { // or it would open again what is gone
      replicas.remove(group);
      removals.begin(group);
      stopEviction(group);
      manage(
          GroupManagementRequest.newRemove(
              clientId, server.getId(), CallIds.next(), GroupIds.toRatis(group), true, false));
      adapters.remove(group);
      removals.end(group);
    }
    LOG.info("group removed group={}", group);
  }

  private void manage(GroupManagementRequest request) {
    try {
      RaftClientReply reply =
          server.groupManagementAsync(request).get(MANAGE_SECONDS_MAX, TimeUnit.SECONDS);
      if (!reply.isSuccess()) {
        accept(request, reply.getException());
      }
    } catch (ExecutionException e) {
      accept(request, e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          request + " took longer than " + MANAGE_SECONDS_MAX + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(request + " was interrupted", e);
    }
  }

  /** What was to be done had been done before: fine. */
  private static void accept(GroupManagementRequest request, @Nullable Throwable fault) {
    if (fault instanceof AlreadyExistsException || fault instanceof GroupMismatchException) {
      LOG.debug("{}: done before", request, fault);
      return;
    }
    throw new IllegalStateException("raft refused " + request, fault);
  }

  private void stopEviction(long group) {
    try {
      LogCacheEviction.stop(server.getDivision(GroupIds.toRatis(group)));
    } catch (IOException | IllegalStateException e) { // It has no log before it is open.
      LOG.debug("group {} is not open", group, e);
    }
  }

  /** How far each group has been committed to the store, durable or not. */
  Map<Long, Applied> storedByGroup() {
    Map<Long, Applied> stored = new ConcurrentHashMap<>();
    adapters.forEach((group, adapter) -> stored.put(group, adapter.stored()));
    return stored;
  }

  /** The store holds these durably: tell the groups, and let them purge their logs behind it. */
  void durable(Map<Long, Applied> durable, long gapMin) {
    durable.forEach(
        (group, at) -> {
          StateMachineAdapter adapter = adapters.get(group);
          if (adapter != null) {
            adapter.durable(at);
          }
        });
    purge(gapMin);
  }

  /** Lets the groups purge their logs whose last purge lies so many entries behind. */
  void purge(long gapMin) {
    adapters.forEach(
        (group, adapter) -> {
          Replica replica = replicas.get(group);
          if (replica != null && adapter.snapshotGap() >= gapMin) {
            replica.purge();
          }
        });
  }

  /** Flushes the store now, as a checkpoint does. */
  public void checkpoint() {
    checkpoints.run();
  }

  /** From where replicas are rebuilt; before {@link #start}. Without it they wait. */
  public void rebuildFrom(GroupSource source) {
    rebuilds.source(source);
  }

  /**
   * The group's rows here turned out to be wrong: has its replica give up leading and serving, and
   * rebuilds it from peers that are right, the best one first. Never blocks.
   */
  public void quarantine(long group, List<String> peers) {
    quarantine.begin(group, peers);
  }

  /** The last entry that the group's replica here has applied; NONE when there is none. */
  public Applied applied(long group) {
    StateMachineAdapter adapter = adapters.get(group);
    return adapter == null ? Applied.NONE : adapter.applied();
  }

  /** Keeps the group's log from an entry on, for a replica that is rebuilt from here. */
  public void holdLog(long group, long token, long index, Duration atMost) {
    purgeLimit.hold(group, token, index, atMost);
  }

  public String peerId() {
    return peerId;
  }

  /** Applies what is committed, and closes all groups; flushing the store is its owner's. */
  @Override
  public void close() {
    rebuilds.close();
    checkpoints.close();
    floors.close();
    leaderWatch.close();
    adapters.keySet().forEach(this::stopEviction);
    replicas.clear();
    ServerShutdown.close(server);
  }

  /** Closes groups, and opens them again, for a switch. */
  private final class Divisions implements GroupSwitch.Divisions {
    @Override
    public void follow(long group) {
      Replica replica = replicas.get(group);
      if (replica != null && !replica.handOver().join()) {
        throw new GroupSource.GroupSourceException("group " + group + " goes on leading here");
      }
    }

    @Override
    public void check(long group, Applied at) {
      try {
        RaftLog log = server.getDivision(GroupIds.toRatis(group)).getRaftLog();
        boolean gap = log.getStartIndex() > at.index() + 1 && log.getFlushIndex() > at.index();
        if (gap || !replicas.containsKey(group)) {
          throw new GroupSource.GroupSourceException(
              "group " + group + " is gone, or its log begins behind the rows, which are at " + at);
        }
      } catch (IOException e) {
        throw new GroupSource.GroupSourceException("group " + group + " is not open here", e);
      }
    }

    @Override
    public GroupSwitch.Closed close(long group) {
      try {
        RaftServer.Division division = server.getDivision(GroupIds.toRatis(group));
        RaftLog log = division.getRaftLog();
        RaftGroup members = division.getGroup();
        shutGroups.shut(members.getGroupId()); // Until it is open again.
        LogCacheEviction.stop(division);
        manage(
            GroupManagementRequest.newRemove(
                clientId, server.getId(), CallIds.next(), members.getGroupId(), false, false));
        return new GroupSwitch.Closed(log.getFlushIndex(), () -> add(members, false));
      } catch (IOException e) {
        throw new UncheckedIOException("group " + group + " cannot be closed", e);
      }
    }
  }
}
