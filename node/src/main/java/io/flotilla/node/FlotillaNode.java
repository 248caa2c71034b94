package io.flotilla.node;

import io.flotilla.console.Console;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.config.MemoryPlan;
import io.flotilla.node.config.NodeConfig;
import io.flotilla.node.config.PartitionConfig;
import io.flotilla.node.config.RaftConfig;
import io.flotilla.node.controller.Controller;
import io.flotilla.node.controller.MemberRepair;
import io.flotilla.node.controller.MetadataProposer;
import io.flotilla.node.coordinator.CoordinatorSet;
import io.flotilla.node.coordinator.GroupTime;
import io.flotilla.node.core.StateMachine;
import io.flotilla.node.core.group.GroupMachine;
import io.flotilla.node.core.log.LogListener;
import io.flotilla.node.core.log.PartitionGroupMachine;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.MetadataMachine;
import io.flotilla.node.core.metadata.SettingRules;
import io.flotilla.node.disk.DiskGuard;
import io.flotilla.node.disk.FullDisks;
import io.flotilla.node.grpc.GrpcServer;
import io.flotilla.node.grpc.ServiceHealth;
import io.flotilla.node.grpc.group.GroupDoor;
import io.flotilla.node.grpc.verify.Scrubber;
import io.flotilla.node.http.HttpEndpoint;
import io.flotilla.node.metrics.NodeMeters;
import io.flotilla.node.metrics.RequestMeters;
import io.flotilla.node.metrics.TrafficMeters;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.NodeIdentity;
import io.flotilla.node.observe.LeaderChanges;
import io.flotilla.node.observe.Observatory;
import io.flotilla.node.observe.Observed;
import io.flotilla.node.partition.LeaderBalancer;
import io.flotilla.node.partition.LogCleaner;
import io.flotilla.node.partition.PartitionSet;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.node.raft.RaftHost;
import io.flotilla.node.raft.RaftListener;
import io.flotilla.node.router.CoordinatorRoutes;
import io.flotilla.node.router.DiskWatch;
import io.flotilla.node.router.LeaderReports;
import io.flotilla.node.router.MetadataImages;
import io.flotilla.node.router.NodeAddresses;
import io.flotilla.node.router.PeerChannels;
import io.flotilla.node.router.PeerClocks;
import io.flotilla.node.router.PeerGroupSource;
import io.flotilla.node.router.Registration;
import io.flotilla.node.router.Router;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.rocks.RocksSettings;
import io.flotilla.node.trace.Traces;
import io.flotilla.proto.state.v1.TopicSettings;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node: the floors, built bottom-up and closed top-down. Starting and closing block; one thread
 * each.
 */
public final class FlotillaNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FlotillaNode.class);
  private static final Duration HAND_OVER_MAX = Duration.ofSeconds(2);
  private static final Duration DRAIN_MAX = Duration.ofSeconds(3);

  private static final String STORE = "store";
  private static final String RAFT = "raft";

  private final NodeConfig config;
  private final BiConsumer<String, Throwable> fatal;
  private final IdentityFile identityFile;
  private volatile NodeIdentity identity;
  private volatile @Nullable MetadataMachine metadata;
  private volatile boolean groupsOpen;
  private final ServiceHealth health = new ServiceHealth();
  private final MetadataImages images = new MetadataImages();
  private final DiskGuard diskGuard;
  private final Store store;
  private final RaftHost raft;
  private final PartitionSet partitions;
  private final CoordinatorSet coordinators;
  private final LeaderBalancer balancer;
  private final LogCleaner cleaner;
  private final PeerChannels channels;
  private final Router router;
  private final MemberRepair members;
  private final LeaderReports reports;
  private final Registration registration;
  private final DiskWatch diskWatch;
  private final Scrubber scrubber;
  private final GrpcServer grpc;
  private final LeaderChanges leaderChanges = new LeaderChanges(System::nanoTime);
  private final NodeMeters meters;
  private final Observatory observatory;
  private final @Nullable Console console;
  private final HttpEndpoint http;
  private final Traces traces;
  private volatile Stage stage = Stage.FORMING;

  /**
   * @param fatal called, on any thread, when the process must not go on
   */
  public FlotillaNode(NodeConfig config, BiConsumer<String, Throwable> fatal) {
    this.config = config;
    this.fatal =
        (what, cause) -> {
          health.end();
          fatal.accept(what, cause);
        };
    ClusterNode self = config.self();
    meters = new NodeMeters(config.id(), config.metrics());
    TrafficMeters traffic =
        new TrafficMeters(meters, config.metrics().topicsMax(), System::nanoTime);
    BatchLimits limits = BatchLimits.defaults().withBatchBytesMax(config.batchBytesMax());
    // First, since what follows may need the space that it keeps.
    diskGuard = new DiskGuard(config.disk(), config.dir(), List.of(STORE, RAFT));
    MemoryPlan memory = MemoryPlan.of(config, MachineMemory.measure());
    LOG.info("memory plan {}", memory);
    memory.warnings(config).forEach(LOG::warn);
    RaftConfig raftConfig = config.raft().withCacheBytes(memory.raftCache());
    PartitionConfig partitionConfig = memory.partitions(config);
    identityFile = new IdentityFile(config.dir());
    channels = new PeerChannels(config.grpc().messageBytesMax());
    DamageControl damage =
        new DamageControl(
            config,
            new RocksSettings(memory.store(), memory.writeBuffers(), memory.openFilesMax()),
            identityFile,
            channels,
            this.fatal);
    store = damage.openStore();
    identity = damage.identity();
    raft =
        new RaftHost(
            raftConfig,
            config.dir().resolve(RAFT),
            identity.peerId(),
            self,
            store,
            this::open,
            new Roles());
    partitions =
        new PartitionSet(
            raft,
            store,
            raftConfig,
            partitionConfig,
            limits,
            System::currentTimeMillis,
            images::get);
    GroupTime time = new GroupTime(config.id(), System::currentTimeMillis, System::nanoTime);
    coordinators = new CoordinatorSet(raft, images::get, config.groups().offsetRetention(), time);
    coordinators.measureBy(Observatory.standstills(meters));
    FullDisks disks = new FullDisks(config.id(), diskGuard::status);
    partitions.refuseBy(disks);
    partitions.measureBy(traffic);
    balancer =
        new LeaderBalancer(
            raft.peerId(), partitions, images::get, System::nanoTime, config.raft().balanceHold());
    MetadataProposer proposer = new MetadataProposer(raft, System::currentTimeMillis);
    Controller controller = new Controller(raft, proposer, images::get, partitionConfig, disks);
    members = new MemberRepair(raft, images::get);
    NodeAddresses addresses = new NodeAddresses(images, config.nodes());
    router = new Router(config.id(), raft, partitions, images, channels, proposer, addresses);
    raft.rebuildFrom(new PeerGroupSource(router));
    reports = new LeaderReports(router, raft);
    registration = new Registration(router, config.self(), identity, config.rack(), Version.get());
    TopicSettings defaults =
        SettingRules.COMPACTION_DEFAULTS.toBuilder()
            .setRetentionMs(config.topics().retentionTime().toMillis())
            .setRetentionBytes(config.topics().retentionBytes())
            .build();
    cleaner =
        new LogCleaner(
            config.id(),
            partitions,
            images::get,
            defaults,
            new PeerClocks(router),
            System::currentTimeMillis,
            System::nanoTime);
    diskWatch = new DiskWatch(router, disks);
    traces = Traces.of(config.tracing(), config.id(), Version.get());
    scrubber = new Scrubber(partitionConfig, router, partitions, System::nanoTime);
    grpc =
        new GrpcServer(
            memory.grpc(config),
            router,
            controller,
            new GroupDoor(
                coordinators,
                new CoordinatorRoutes(router, controller, addresses, channels),
                partitions,
                config.groups().offsetRetention(),
                time),
            defaults,
            config.topics().autoCreate(),
            () -> identity,
            diskGuard::status,
            Consoles.facts(config, leaderChanges),
            diskWatch::silence,
            limits,
            new RequestMeters(meters),
            traces,
            health);
    observatory =
        new Observatory(
            meters,
            traffic,
            new Observed(
                config,
                images::get,
                diskGuard::status,
                store,
                raft,
                partitions,
                coordinators,
                scrubber,
                leaderChanges));
    console = Consoles.of(config, grpc::port);
    http =
        new HttpEndpoint(
            config.http(),
            this::notReady,
            meters::scrape,
            config.metrics().partitions() ? observatory::partitions : null,
            console);
  }

  private String notReady() {
    Stage now = stage;
    return now == Stage.OPENING ? now.text() + ", " + raft.opened() : now.text();
  }

  private StateMachine open(long group) {
    if (group == GroupIds.METADATA) {
      MetadataMachine machine = new MetadataMachine(store, this::metadataChanged);
      metadata = machine;
      return machine;
    }
    if (Coordinators.isCoordinator(group)) {
      GroupMachine machine =
          new GroupMachine(group, store, names -> coordinators.changed(group, names));
      coordinators.opened(group, machine);
      return machine;
    }
    return new PartitionGroupMachine(group, store, LogListener.late(() -> partitions));
  }

  private void metadataChanged(MetadataImage image) {
    if (groupsOpen) {
      images.accept(image);
    }
  }

  /** Starts, and returns when this node serves. */
  public void start() throws InterruptedException {
    long started = System.nanoTime();
    images.listen(partitions::metadataChanged);
    images.listen(coordinators::metadataChanged);
    diskGuard.start();
    grpc.start();
    http.start();
    if (!identity.formed()) {
      NodeIdentity formed = new Bootstrap(identity, config.nodes(), channels).form();
      identityFile.write(formed);
      identity = formed;
    }
    stage = Stage.OPENING;
    raft.start();
    if (raft.replica(GroupIds.METADATA) == null
        || (identity.founder() && raft.isStillborn(GroupIds.METADATA))) {
      raft.addGroup(GroupIds.METADATA, Bootstrap.founders(identity, config.nodes()));
    }
    // Calls are let in by the first image: not before every group of an earlier run is open.
    groupsOpen = true;
    MetadataMachine opened = metadata;
    if (opened != null) {
      images.accept(opened.image());
    }
    partitions.start();
    coordinators.start(new PeerClocks(router));
    balancer.start();
    cleaner.start(config.topics().cleanupInterval());
    members.start();
    reports.start();
    diskWatch.start();
    scrubber.start();
    stage = Stage.REGISTERING;
    registration.await();
    grpc.ready(true);
    stage = Stage.SERVING;
    LOG.info(
        "node serves node={} grpc={}:{} cluster={} ms={}",
        config.id(),
        config.self().host(),
        grpc.port(),
        identity.clusterId(),
        (System.nanoTime() - started) / 1_000_000);
  }

  /** Hands leaderships over, lets calls end, and closes; nothing acknowledged is lost. */
  @Override
  public void close() {
    end(false);
  }

  /**
   * Ends without notice, as nearly as a living process can: no leadership is handed over, calls are
   * cut off, the store is not flushed. What was written to files is there, as after a crash.
   */
  public void kill() {
    end(true);
  }

  private void end(boolean killed) {
    LOG.info("node {} node={}", killed ? "is killed" : "stops", config.id());
    Closing closing = new Closing();
    closing.step(registration::close);
    Console served = console;
    if (served != null) {
      closing.step(served::close);
    }
    grpc.ready(false);
    stage = Stage.LEAVING;
    closing.step(killed ? balancer::close : () -> balancer.handOver(HAND_OVER_MAX));
    closing.step(killed ? grpc::cut : () -> grpc.shutdown(DRAIN_MAX));
    closing.step(reports::close);
    closing.step(diskWatch::close);
    closing.step(scrubber::close);
    closing.step(members::close);
    closing.step(balancer::close);
    closing.step(cleaner::close);
    closing.step(http::close); // What is closed from here on has no numbers any more.
    closing.step(observatory::close);
    closing.step(meters::close);
    closing.step(traces::close);
    closing.step(coordinators::close);
    closing.step(partitions::close);
    closing.step(channels::close);
    closing.step(raft::close);
    closing.step(killed ? () -> {} : store::flush);
    closing.step(store::close);
    closing.step(diskGuard::close);
    closing.end();
    LOG.info("node stopped node={}", config.id());
  }

  /** News of this node's roles, handed on. */
  private final class Roles implements RaftListener {
    @Override
    public void leaderReady(long group, long term) {
      LOG.info("leads group={} term={}", group, term);
      leaderChanges.taken();
      reports.rolesChanged();
      coordinators.rolesChanged(group);
    }

    @Override
    public void leaderChanged(long group) {
      LOG.debug("leader changed group={}", group);
      leaderChanges.changed(group);
      coordinators.rolesChanged(group);
    }

    @Override
    public void rebuilding(long group) {
      partitions.suspend(group);
    }

    @Override
    public void rebuilt(long group) {
      MetadataMachine opened = metadata;
      if (group == GroupIds.METADATA && opened != null) {
        metadataChanged(opened.image());
      }
      partitions.resume(group);
    }

    @Override
    public void fatal(String what, Throwable cause) {
      fatal.accept(what, cause);
    }
  }
}
