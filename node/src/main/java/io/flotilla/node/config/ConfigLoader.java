package io.flotilla.node.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a node's settings from a YAML file; the environment overrides each key: {@code node.dir} by
 * {@code FLOTILLA_NODE_DIR}, lists separated by commas. Unknown keys are refused. Used by Main
 * alone.
 */
public final class ConfigLoader {

  private ConfigLoader() {}

  /**
   * What was read.
   *
   * @param given the settings that are not left at their defaults, in the order of the settings
   */
  public record Loaded(NodeConfig config, List<Given> given) {}

  /** A setting that somebody gave, and where: {@code line 3}, or the name of the variable. */
  public record Given(String key, String value, String origin) {}

  /** Throws ConfigException with every fault, and where each stands. */
  public static NodeConfig load(Path file, Map<String, String> environment) {
    return read(file, environment).config();
  }

  /** As {@link #load}, and says what was given where. */
  public static Loaded read(Path file, Map<String, String> environment) {
    Settings settings = new Settings(ConfigFile.read(file), environment);
    NodeConfig config = node(settings);
    List<String> faults = settings.faults();
    if (faults.isEmpty()) {
      faults = settings.located(config.validate());
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(file.toString(), faults);
    }
    return new Loaded(config, settings.given());
  }

  private static NodeConfig node(Settings s) {
    List<ClusterNode> nodes = new ArrayList<>();
    for (String text : s.list("cluster.nodes")) {
      try {
        nodes.add(ClusterNode.parse(text));
      } catch (IllegalArgumentException e) {
        s.fault(String.valueOf(e.getMessage()));
      }
    }
    int id = s.integer("node.id", 0);
    ClusterNode self = nodes.stream().filter(n -> n.id() == id).findFirst().orElse(null);
    return new NodeConfig(
        id,
        Path.of(s.required("node.dir")),
        s.text("node.rack", ""),
        List.copyOf(nodes),
        s.sizeInt("batch.max-bytes", NodeConfig.BATCH_BYTES_MAX_DEFAULT),
        grpc(s, self),
        raft(s),
        partitions(s),
        topics(s),
        memory(s),
        disk(s),
        http(s),
        new GroupsConfig(
            s.duration("groups.offset-retention", GroupsConfig.defaults().offsetRetention())),
        metrics(s),
        new TracingConfig(s.text("tracing.otlp-url", TracingConfig.defaults().otlpUrl())));
  }

  private static GrpcConfig grpc(Settings s, @Nullable ClusterNode self) {
    GrpcConfig d = GrpcConfig.defaults();
    return new GrpcConfig(
        s.text("grpc.host", self == null ? d.host() : self.host()),
        self == null ? d.port() : self.grpcPort(),
        s.sizeInt("grpc.message-bytes-max", d.messageBytesMax()),
        s.sizeInt("grpc.header-bytes-max", d.headerBytesMax()),
        s.integer("grpc.call-threads", d.callThreads()),
        s.integer("grpc.call-queue-max", d.callQueueMax()),
        s.integer("grpc.calls-per-connection-max", d.callsPerConnectionMax()),
        s.integer("grpc.resets-per-second-max", d.resetsPerSecondMax()),
        s.duration("grpc.connection-age-max", d.connectionAgeMax()),
        s.duration("grpc.connection-grace", d.connectionGrace()),
        s.duration("grpc.unary-deadline-default", d.unaryDeadlineDefault()),
        s.duration("grpc.first-message-max", d.firstMessageMax()),
        s.integer("grpc.publish-window-batches", d.publishWindowBatches()),
        s.size("grpc.publish-window-bytes", d.publishWindowBytes()),
        s.size("grpc.publish-bytes-max", d.publishBytesMax()),
        s.duration("grpc.stream-stall-max", d.streamStallMax()),
        s.sizeInt("grpc.subscribe-buffer-bytes", d.subscribeBufferBytes()),
        s.sizeInt("grpc.fetch-buffer-bytes", d.fetchBufferBytes()),
        s.integer("grpc.fetches-per-stream-max", d.fetchesPerStreamMax()),
        s.size("grpc.fetch-credit-bytes-max", d.fetchCreditBytesMax()));
  }

  private static RaftConfig raft(Settings s) {
    RaftConfig d = RaftConfig.defaults();
    return new RaftConfig(
        s.duration("raft.election-timeout-min", d.electionTimeoutMin()),
        s.duration("raft.election-timeout-max", d.electionTimeoutMax()),
        s.sizeInt("raft.entry-bytes-max", d.entryBytesMax()),
        s.integer("raft.entries-in-flight-max", d.entriesInFlightMax()),
        s.size("raft.segment-bytes", d.segmentBytes()),
        s.size("raft.checkpoint-bytes", d.checkpointBytes()),
        s.duration("raft.checkpoint-interval", d.checkpointInterval()),
        s.duration("raft.balance-hold", d.balanceHold()),
        s.size("raft.log-keep-bytes", d.logKeepBytes()),
        s.integer("raft.rebuilds-max", d.rebuildsMax()),
        s.size("raft.rebuild-bytes-per-second", d.rebuildBytesPerSecond()),
        d.cacheBytes());
  }

  private static PartitionConfig partitions(Settings s) {
    PartitionConfig d = PartitionConfig.defaults();
    return new PartitionConfig(
        s.size("partitions.in-flight-bytes-max", d.inFlightBytesMax()),
        s.size("partitions.node-in-flight-bytes-max", d.nodeInFlightBytesMax()),
        s.integer("partitions.max-per-node", d.maxPerNode()),
        s.integer("partitions.groups-per-node", d.groupsPerNode()),
        s.integer("partitions.groups-max", d.groupsMax()),
        s.size("partitions.tail-cache", d.tailCacheBytes()),
        s.duration("partitions.scrub-interval", d.scrubInterval()),
        s.size("partitions.scrub-bytes-per-second", d.scrubBytesPerSecond()));
  }

  private static TopicConfig topics(Settings s) {
    TopicConfig d = TopicConfig.defaults();
    return new TopicConfig(
        s.durationOrUnlimited("topics.retention-time", d.retentionTime()),
        s.sizeOrUnlimited("topics.retention-bytes", d.retentionBytes()),
        s.duration("topics.cleanup-interval", d.cleanupInterval()),
        s.flag("topics.auto-create", d.autoCreate()));
  }

  private static DiskConfig disk(Settings s) {
    DiskConfig d = DiskConfig.defaults();
    return new DiskConfig(
        s.integer("disk.warn-free-percent", d.warnFreePercent()),
        s.size("disk.warn-free-bytes-max", d.warnFreeBytesMax()),
        s.integer("disk.refuse-free-percent", d.refuseFreePercent()),
        s.size("disk.refuse-free-bytes-max", d.refuseFreeBytesMax()),
        s.size("disk.refuse-free-bytes-min", d.refuseFreeBytesMin()),
        s.size("disk.reserve-bytes", d.reserveBytes()));
  }

  private static HttpConfig http(Settings s) {
    HttpConfig d = HttpConfig.defaults();
    return new HttpConfig(
        s.text("http.host", d.host()),
        s.integer("http.port", d.port()),
        new ConsoleConfig(
            s.flag("http.console.enabled", d.console().enabled()),
            s.flag("http.console.actions", d.console().actions()),
            s.list("http.console.hosts")));
  }

  private static MetricsConfig metrics(Settings s) {
    MetricsConfig d = MetricsConfig.defaults();
    return new MetricsConfig(
        s.integer("metrics.topics-max", d.topicsMax()),
        s.integer("metrics.groups-max", d.groupsMax()),
        s.flag("metrics.partitions", d.partitions()),
        s.text("metrics.otlp-url", d.otlpUrl()),
        s.duration("metrics.otlp-interval", d.otlpInterval()));
  }

  private static MemoryConfig memory(Settings s) {
    MemoryConfig d = MemoryConfig.defaults();
    return new MemoryConfig(
        s.size("memory.store", d.storeBytes()),
        s.size("memory.write-buffers", d.writeBufferBytes()),
        s.size("memory.raft-cache", d.raftCacheBytes()),
        s.integer("memory.open-files-max", d.openFilesMax()));
  }
}
