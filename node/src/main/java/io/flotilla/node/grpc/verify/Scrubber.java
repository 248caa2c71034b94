package io.flotilla.node.grpc.verify;

import com.google.common.util.concurrent.RateLimiter;
import io.flotilla.node.config.PartitionConfig;
import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.verify.ReplicaSource.Told;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.partition.PartitionSet;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.DigestReplicaRequest;
import io.flotilla.proto.internal.v1.RebuildReplicaRequest;
import io.flotilla.proto.v1.ReplicaVerification;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all replicas of the partitions that this node leads, one partition after the other and at a
 * bounded pace, and compares them: what a disk has falsified unnoticed is found while others still
 * have it. A replica that is wrong is told to have itself rebuilt; who is right is decided by
 * checksums, and where those hold by the majority, so a leader that is wrong infects nobody. What a
 * reader has met is looked at at once, whoever leads, and at full speed. Two threads {@code
 * flotilla-scrub}: one goes round, one looks at what readers met.
 */
public final class Scrubber implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** After a start or a new leader: not at once, for there is enough to do then. */
  private static final Duration FIRST_AFTER_MAX = Duration.ofMinutes(10);

  /** Until what was found wrong is looked at again. */
  private static final Duration AGAIN_AFTER_MAX = Duration.ofMinutes(1);

  private static final Duration SETTLING_MAX = Duration.ofSeconds(10);
  private static final Duration TELLING_MAX = Duration.ofSeconds(10);

  private final PartitionConfig config;
  private final Router router;
  private final PartitionSet partitions;
  private final LongSupplier nanos;
  private final ReplicaDigests digests;
  private final RateLimiter pace;

  /** When a partition is due, by nanos. Confined to the thread that goes round. */
  private final Map<PartitionId, Long> due = new HashMap<>();

  /** The same of what readers met, until it is found sound. Confined to the other thread. */
  private final Map<PartitionId, Long> suspects = new HashMap<>();

  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          2,
          task -> {
            Thread t = new Thread(task, "flotilla-scrub");
            t.setDaemon(true);
            return t;
          });
  private final LongAdder scrubbedBytes = new LongAdder();
  private final LongAdder damagedReplicas = new LongAdder();
  private volatile boolean closed;

  public Scrubber(
      PartitionConfig config, Router router, PartitionSet partitions, LongSupplier nanos) {
    this.config = config;
    this.router = router;
    this.partitions = partitions;
    this.nanos = nanos;
    Executor here = Runnable::run; // The thread waits for its own disk as for the others'.
    this.digests = new ReplicaDigests(router, here);
    this.pace = RateLimiter.create((double) config.scrubBytesPerSecond());
  }

  /** What each replica of the partitions led here has read for this, in bytes. */
  public long scrubbedBytes() {
    return scrubbedBytes.sum();
  }

  /** How often a replica was found damaged; one that is found again counts again. */
  public long damagedReplicas() {
    return damagedReplicas.sum();
  }

  public void start() {
    repeat(this::goRound);
    repeat(this::lookAtSuspects);
  }

  private void repeat(Runnable look) {
    var unused =
        threads.scheduleWithFixedDelay(
            look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void goRound() {
    List<Partition> led = partitions.partitions().stream().filter(Partition::leads).toList();
    due.keySet().retainAll(led.stream().map(Partition::id).toList());
    for (Partition partition : led) {
      if (isDue(partition)) {
        boolean sound = scrub(partition.id(), this::askInPeace);
        due.put(
            partition.id(),
            nanos.getAsLong() + pause(sound ? config.scrubInterval() : AGAIN_AFTER_MAX));
      }
    }
  }

  private void lookAtSuspects() {
    List<Partition> open = partitions.partitions();
    suspects.keySet().retainAll(open.stream().map(Partition::id).toList());
    long now = nanos.getAsLong();
    for (Partition partition : open) {
      PartitionId id = partition.id();
      if (partition.takeSuspicion()) {
        suspects.put(id, now);
      }
      Long at = suspects.get(id);
      if (at != null && now - at >= 0) {
        if (scrub(id, this::ask)) {
          suspects.remove(id);
        } else {
          suspects.put(id, nanos.getAsLong() + AGAIN_AFTER_MAX.toNanos());
        }
      }
    }
  }

  private boolean isDue(Partition partition) {
    if (config.scrubInterval().isZero()) {
      return false;
    }
    long now = nanos.getAsLong();
    return now - due.computeIfAbsent(partition.id(), id -> now + pause(FIRST_AFTER_MAX)) >= 0;
  }

  /** The interval, but at most so long. */
  private long pause(Duration atMost) {
    return Math.min(config.scrubInterval().toNanos(), atMost.toNanos());
  }

  /** Whether all was read and nothing wrong was found. Whatever happens, the others come next. */
  private boolean scrub(PartitionId partition, ReplicaSource source) {
    try {
      TopicInfo topic = router.image().topic(partition.topicId());
      GroupInfo group = topic == null ? null : router.image().group(topic, partition.partition());
      if (group == null) {
        return true;
      }
      List<ReplicaVerification> replicas =
          new PartitionVerifier(
                  partition, group.nodeIds(), source, (from, at, end) -> goOn(), SETTLING_MAX)
              .run();
      Findings found = Findings.of(replicas, router.nodeId());
      LOG.debug("replicas scrubbed partition={} found={}", partition, found);
      found.repairable().forEach(replica -> repair(partition, replica, found.right()));
      found.hopeless().forEach(replica -> giveNotice(partition, replica));
      return found.sound();
    } catch (CancellationException e) {
      LOG.debug("scrubbing ends with the node", e);
    } catch (RuntimeException e) {
      LOG.error("replicas could not be scrubbed; that is tried again partition={}", partition, e);
    }
    return false;
  }

  private void goOn() {
    if (closed) {
      throw new CancellationException("the node stops");
    }
  }

  private Map<Integer, Told> ask(Collection<Integer> nodes, DigestReplicaRequest request) {
    goOn();
    return digests.ask(nodes, request, CallScope.current());
  }

  /** The same, no faster than is allowed. */
  private Map<Integer, Told> askInPeace(Collection<Integer> nodes, DigestReplicaRequest request) {
    Map<Integer, Told> told = ask(nodes, request);
    long bytes = 0;
    for (Told one : told.values()) {
      bytes = Math.max(bytes, one.answer() == null ? 0 : one.answer().getBytes());
    }
    scrubbedBytes.add(bytes);
    double waited = pace.acquire(Math.max(1, Math.toIntExact(bytes)));
    LOG.trace("scrubbed bytes={} waited={}", bytes, waited);
    return told;
  }

  private void giveNotice(PartitionId partition, ReplicaVerification replica) {
    damagedReplicas.increment();
    LOG.error(
        "replica may be damaged, and nobody can say what the events were; restore the partition"
            + " from a backup partition={} node={} offset={} what={}",
        partition,
        replica.getNodeId(),
        replica.getBadOffset(),
        replica.getDetail());
  }

  private void repair(PartitionId partition, ReplicaVerification wrong, List<Integer> right) {
    int node = wrong.getNodeId();
    damagedReplicas.increment();
    LOG.error(
        "replica is damaged partition={} node={} offset={} what={} right={}",
        partition,
        node,
        wrong.getBadOffset(),
        wrong.getDetail(),
        right);
    try {
      if (node == router.nodeId()) {
        router.rebuild(partition, right);
      } else {
        digests.tell(
            node,
            RebuildReplicaRequest.newBuilder()
                .setPartitionId(partition.toLong())
                .setBadOffset(wrong.getBadOffset())
                .setWhy(wrong.getDetail())
                .addAllFromNodes(right)
                .build(),
            CallScope.current().asking(TELLING_MAX));
      }
    } catch (FlotillaException | CompletionException e) {
      LOG.warn("a damaged replica could not be told; that is tried again node={}", node, e);
    }
  }

  /** Does not wait: what is being read is read to its end. */
  @Override
  public void close() {
    closed = true;
    threads.shutdown();
  }
}
