package io.flotilla.node.partition;

import io.flotilla.node.core.log.CompactionRules;
import io.flotilla.node.core.log.RetentionLimits;
import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.model.NodeClocks;
import io.flotilla.node.model.TrustedTime;
import io.flotilla.proto.state.v1.TopicSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the partitions that this node leads cleaned up as their topics' settings say, again and
 * again: trimmed as far as retention goes, and compacted when it is worth it. It decides by the
 * settings and the time of the moment and proposes what to do; Raft makes it the same on every
 * replica. One thread.
 */
public final class LogCleaner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LogCleaner.class);

  /** A partition that this node leads, and what it may keep. */
  private record Led(
      Partition partition,
      List<Integer> nodes,
      RetentionLimits limits,
      @Nullable CompactionRules compaction) {}

  private final int nodeId;
  private final PartitionSet partitions;
  private final Supplier<MetadataImage> image;
  private final TopicSettings defaults;
  private final NodeClocks clocks;
  private final TrustedTime time;
  private final Compactor compactor;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread t = new Thread(task, "flotilla-cleanup");
            t.setDaemon(true);
            return t;
          });

  /**
   * @param defaults for what topics do not set; every setting is present
   * @param clockMs this node's clock, in milliseconds since 1970
   */
  public LogCleaner(
      int nodeId,
      PartitionSet partitions,
      Supplier<MetadataImage> image,
      TopicSettings defaults,
      NodeClocks clocks,
      LongSupplier clockMs,
      LongSupplier nanos) {
    this.nodeId = nodeId;
    this.partitions = partitions;
    this.image = image;
    this.defaults = defaults;
    this.clocks = clocks;
    this.time = new TrustedTime(clockMs, nanos);
    this.compactor = new Compactor(thread);
  }

  public void start(Duration every) {
    var unused =
        thread.scheduleWithFixedDelay(
            this::checkSafely, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void checkSafely() {
    try {
      check();
    } catch (RuntimeException e) {
      LOG.error("old events could not be looked for; it is tried again", e);
    }
  }

  /** One look at all partitions led here. */
  void check() {
    List<Led> led = led();
    Map<Integer, Long> heard = hear(led);
    for (Led one : led) {
      OptionalLong now = time.now(one.nodes, heard);
      if (now.isEmpty()) {
        LOG.debug("too few clocks answer for retention partition={}", one.partition.id());
      }
      RetentionLimits limits =
          now.isPresent()
              ? one.limits
              : new RetentionLimits(RetentionLimits.UNLIMITED, one.limits.bytes());
      trim(one.partition, limits, now.orElse(0));
      if (one.compaction != null && now.isPresent()) {
        compactor.check(one.partition, one.compaction, now.getAsLong());
      }
    }
  }

  private List<Led> led() {
    List<Led> led = new ArrayList<>();
    MetadataImage now = image.get();
    for (Partition partition : partitions.partitions()) {
      TopicInfo topic = now.topic(partition.id().topicId());
      GroupInfo group = topic == null ? null : now.group(topic, partition.id().partition());
      if (topic != null && group != null && partition.leads()) {
        TopicSettings settings = topic.settingsOver(defaults);
        RetentionLimits limits =
            topic.deletes()
                ? new RetentionLimits(settings.getRetentionMs(), settings.getRetentionBytes())
                : RetentionLimits.NONE;
        CompactionRules compaction = topic.compacts() ? rules(settings) : null;
        if (!limits.keepsAll() || compaction != null) {
          led.add(new Led(partition, group.nodeIds(), limits, compaction));
        }
      }
    }
    return led;
  }

  private static CompactionRules rules(TopicSettings settings) {
    return new CompactionRules(
        settings.getCompactionLagMinMs(),
        settings.getCompactionLagMaxMs(),
        settings.getCompactionDirtyPercent(),
        settings.getTombstoneRetentionMs());
  }

  private Map<Integer, Long> hear(List<Led> led) {
    Set<Integer> others = new HashSet<>();
    led.stream()
        .filter(one -> one.limits.timeMs() >= 0 || one.compaction != null)
        .forEach(one -> others.addAll(one.nodes));
    others.remove(nodeId);
    Map<Integer, Long> heard = new HashMap<>(others.isEmpty() ? Map.of() : clocks.ask(others));
    heard.put(nodeId, time.here());
    return heard;
  }

  private static void trim(Partition partition, RetentionLimits limits, long nowMs) {
    long logStart = partition.logStartOffset();
    long point = partition.trimPoint(limits, nowMs);
    if (point <= logStart) {
      return;
    }
    var unused =
        partition
            .trim(point)
            .whenComplete(
                (trimmed, fault) -> {
                  if (fault == null) {
                    LOG.info(
                        "retention trimmed partition={} from={} to={}",
                        partition.id(),
                        logStart,
                        trimmed);
                  } else {
                    LOG.debug("retention did not trim partition={}", partition.id(), fault);
                  }
                });
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
