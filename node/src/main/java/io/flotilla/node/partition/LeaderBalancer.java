package io.flotilla.node.partition;

import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.raft.Replica;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the leaderships that this node holds to their preferred nodes, by leadership transfer, so
 * that leaders stay spread as they were placed. With hysteresis: the preferred node must have been
 * healthy and caught up for a while, and a refused transfer is not repeated soon. (Ratis's own way,
 * unequal priorities, has no damping.) Who was asked for, and has not led since, need only be
 * caught up. One thread.
 */
public final class LeaderBalancer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LeaderBalancer.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** A group this young has served nobody: its first leadership goes home at once. */
  private static final long YOUNG_ENTRIES = 3;

  private static final int TRANSFERS_A_LOOK_MAX = 8;

  private final String peerId;
  private final PartitionSet partitions;
  private final Supplier<MetadataImage> image;
  private final LongSupplier nanos;
  private final Duration hold;

  /** Group → since when its preferred node has been fit, by nanos. Confined to the thread. */
  private final Map<Long, Long> fitSince = new HashMap<>();

  /** Confined to the thread. */
  private final Offers offers = new Offers();

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread t = new Thread(task, "flotilla-balance");
            t.setDaemon(true);
            return t;
          });

  public LeaderBalancer(
      String peerId,
      PartitionSet partitions,
      Supplier<MetadataImage> image,
      LongSupplier nanos,
      Duration hold) {
    this.peerId = peerId;
    this.partitions = partitions;
    this.image = image;
    this.nanos = nanos;
    this.hold = hold;
  }

  public void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::lookSafely, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void lookSafely() {
    try {
      look();
    } catch (RuntimeException e) {
      LOG.error("balancing leaders failed; it is tried again", e);
    }
  }

  private void look() {
    int transfers = 0;
    List<Replica> replicas = partitions.groups();
    Set<Long> here = replicas.stream().map(Replica::group).collect(Collectors.toSet());
    fitSince.keySet().retainAll(here);
    offers.retain(here);
    MetadataImage now = image.get();
    for (Replica replica : replicas) {
      GroupInfo group = now.groups().get(replica.group());
      if (group == null || !replica.isLeaderReady() || group.peers().get(0).equals(peerId)) {
        fitSince.remove(replica.group());
        continue;
      }
      String preferred = group.peers().get(0);
      if (!replica.isCaughtUp(preferred)) {
        fitSince.remove(replica.group());
        continue;
      }
      long since = fitSince.computeIfAbsent(replica.group(), g -> nanos.getAsLong());
      boolean young = replica.status().appliedIndex() <= YOUNG_ENTRIES;
      boolean held = nanos.getAsLong() - since >= hold.toNanos();
      long term = replica.status().term();
      boolean wanted = group.leaderWanted() && offers.isNew(replica.group(), preferred, term);
      if ((young || held || wanted) && transfers++ < TRANSFERS_A_LOOK_MAX) {
        // Counts anew from here, so that a refusal is not followed by another try at once.
        fitSince.put(replica.group(), nanos.getAsLong());
        offers.add(replica.group(), preferred, term);
        transfer(replica, preferred);
      }
    }
  }

  private static void transfer(Replica replica, String preferred) {
    var unused =
        replica
            .transferLeadership(preferred)
            .thenAccept(
                done ->
                    LOG.info(
                        "leadership transfer group={} to={} done={}",
                        replica.group(),
                        preferred,
                        done));
  }

  /**
   * Hands every leadership of this node to another caught-up replica; for stopping. Waits as long
   * as the limit at most.
   */
  public void handOver(Duration limit) {
    thread.shutdownNow();
    CompletableFuture<?>[] transfers =
        partitions.groups().stream().map(Replica::handOver).toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(transfers)
        .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
