package io.flotilla.node.grpc;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.config.GrpcConfig;
import io.flotilla.node.controller.Controller;
import io.flotilla.node.disk.DiskStatus;
import io.flotilla.node.grpc.admin.AdminService;
import io.flotilla.node.grpc.admin.ClusterService;
import io.flotilla.node.grpc.admin.NodeFacts;
import io.flotilla.node.grpc.admin.PeerService;
import io.flotilla.node.grpc.admin.SelfPicture;
import io.flotilla.node.grpc.call.CallGate;
import io.flotilla.node.grpc.call.CallMeter;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.ConnectionMeter;
import io.flotilla.node.grpc.call.Contact;
import io.flotilla.node.grpc.call.FaultBarrier;
import io.flotilla.node.grpc.call.OpenStreams;
import io.flotilla.node.grpc.call.Parsing;
import io.flotilla.node.grpc.group.CoordinatorService;
import io.flotilla.node.grpc.group.CursorCleaner;
import io.flotilla.node.grpc.group.GroupAdminService;
import io.flotilla.node.grpc.group.GroupCalls;
import io.flotilla.node.grpc.group.GroupConsumerService;
import io.flotilla.node.grpc.group.GroupContext;
import io.flotilla.node.grpc.group.GroupCursors;
import io.flotilla.node.grpc.group.GroupDoor;
import io.flotilla.node.grpc.group.LocalCursors;
import io.flotilla.node.grpc.group.OffsetCalls;
import io.flotilla.node.grpc.publish.ProducerService;
import io.flotilla.node.grpc.read.ConsumerService;
import io.flotilla.node.metrics.RequestMeters;
import io.flotilla.node.model.NodeIdentity;
import io.flotilla.node.router.Route;
import io.flotilla.node.router.Router;
import io.flotilla.node.trace.Traces;
import io.flotilla.proto.state.v1.TopicSettings;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's client port: every service, health and reflection on one Netty server with every bound
 * set explicitly. Until the cluster's metadata is known everything but calls of peers, health and
 * reflection is refused with STARTING. Safe.
 */
public final class GrpcServer {

  private static final Logger LOG = LoggerFactory.getLogger(GrpcServer.class);
  // A connection that is silent for so long is asked (grpc-java asks no sooner), and dead when it
  // does not answer: by then members of consumer groups are missed that hang or are cut off.
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
  private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration KEEP_ALIVE_PERMITTED = Duration.ofSeconds(5);
  private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(10);
  private static final Duration FORCE_WAIT = Duration.ofSeconds(1);

  private final ServiceHealth health;
  private final OpenStreams streams;
  private final CallThreads threads;
  private final Server server;
  private final CursorCleaner cleaner;
  private final Contact contact;
  private volatile boolean leaving;

  public GrpcServer(
      GrpcConfig config,
      Router router,
      Controller controller,
      GroupDoor groups,
      TopicSettings defaults,
      boolean topicAutoCreate,
      Supplier<NodeIdentity> identity,
      Supplier<DiskStatus> disk,
      NodeFacts facts,
      IntFunction<@Nullable Duration> silence,
      BatchLimits limits,
      RequestMeters requests,
      Traces traces,
      ServiceHealth health) {
    this.health = health;
    this.threads = new CallThreads(config);
    this.streams = new OpenStreams(threads, config.connectionAgeMax(), config.connectionGrace());
    this.contact = new Contact(() -> !(router.metadataLeader() instanceof Route.Nowhere), threads);
    CallGate gate =
        new CallGate(
            config.unaryDeadlineDefault(),
            () -> router.image().revision() > 0,
            () -> leaving,
            contact::isLost);
    CallMeter meter = new CallMeter(requests);
    GroupCalls groupCalls = new GroupCalls(router, groups.routes(), threads);
    LocalCursors local = new LocalCursors(router, threads, System::currentTimeMillis);
    GroupCursors cursors = new GroupCursors(router, local, threads);
    GroupContext context =
        new GroupContext(
            router, groups.routes(), cursors, limits, config, threads, streams, traces);
    cleaner =
        new CursorCleaner(groups.partitions(), groupCalls, groups.offsetRetention(), groups.time());
    SelfPicture self =
        new SelfPicture(
            router, disk, groups.partitions().limits(), facts, System::currentTimeMillis);
    NettyServerBuilder builder = builder(config).addTransportFilter(new ConnectionMeter(requests));
    for (BindableService service :
        List.of(
            new ProducerService(router, limits, config, threads, streams, requests, traces),
            new ConsumerService(router, limits, config, threads, streams, traces),
            new AdminService(router, controller, defaults, threads, streams),
            new ClusterService(
                router,
                contact,
                defaults,
                topicAutoCreate,
                identity,
                self,
                silence,
                threads,
                streams),
            new GroupConsumerService(context, new OffsetCalls(router, cursors, groupCalls)),
            new GroupAdminService(router, groupCalls, cursors, threads),
            new CoordinatorService(groups.coordinators(), threads, streams),
            new PeerService(router, identity, self, threads, local))) {
      var guarded =
          Parsing.guarded(
              ServerInterceptors.interceptForward(service, meter, gate, new FaultBarrier()));
      health.add(guarded.getServiceDescriptor().getName());
      builder.addService(guarded);
    }
    this.server =
        builder
            .addService(health.service())
            .addService(ProtoReflectionServiceV1.newInstance())
            .build();
  }

  private NettyServerBuilder builder(GrpcConfig config) {
    // On the event loop itself runs only the choice of the executor, and the refusal when none has
    // room.
    Executor eventLoop = Runnable::run;
    return NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), config.port()))
        .executor(eventLoop)
        .callExecutor(threads)
        .maxInboundMessageSize(config.messageBytesMax())
        .maxInboundMetadataSize(config.headerBytesMax())
        .maxConcurrentCallsPerConnection(config.callsPerConnectionMax())
        .maxRstFramesPerWindow(config.resetsPerSecondMax(), 1)
        .handshakeTimeout(HANDSHAKE_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .permitKeepAliveTime(KEEP_ALIVE_PERMITTED.toMillis(), TimeUnit.MILLISECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .maxConnectionAge(config.connectionAgeMax().toMillis(), TimeUnit.MILLISECONDS)
        .maxConnectionAgeGrace(config.connectionGrace().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Listens; from now on Hello and health answer. */
  public void start() {
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen for clients: " + e.getMessage(), e);
    }
    cleaner.start();
    contact.start();
    LOG.info("listening for clients port={}", port());
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Tells by health checks whether this node takes part in the cluster. */
  public void ready(boolean ready) {
    health.serving(ready);
  }

  /**
   * Leaves: health says so, streams are told to go elsewhere, new calls are refused, those under
   * way may finish within the time given, what is left then is cut off. Blocks.
   */
  public void shutdown(Duration within) {
    leave();
    health.end();
    health.endWatches();
    streams.goAway("the node is shutting down: continue on another one", within.dividedBy(2));
    server.shutdown();
    try {
      if (!server.awaitTermination(within.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("calls outlived the shutdown and are cut off after={}", within);
        endNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    threads.close();
  }

  /** Cuts every connection at once, as when the process is gone: nobody is told. Blocks. */
  public void cut() {
    leave();
    try {
      endNow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.close();
  }

  private void leave() {
    leaving = true;
    cleaner.close();
    contact.close();
  }

  private void endNow() throws InterruptedException {
    server.shutdownNow();
    if (!server.awaitTermination(FORCE_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.error("the server did not end; the process will");
    }
  }
}
