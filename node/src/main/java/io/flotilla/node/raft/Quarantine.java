package io.flotilla.node.raft;

import io.flotilla.node.core.Applied;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Running replicas whose rows turned out to be wrong. Their Raft logs are whole, so they go on
 * voting and applying; they serve no reader, give up leading, and have their rows pulled from a
 * peer, again and again until that has worked. Safe; never blocks.
 */
final class Quarantine {

  private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
  private static final long RETRY_MS = 500;

  /** In whose name the log is kept; the tokens of others are never 0. */
  private static final long TOKEN = 0;

  /** Longer than any rebuild; it ends with the quarantine. */
  private static final Duration HOLD_MAX = Duration.ofDays(30);

  private final LongFunction<@Nullable Replica> replicas;
  private final LongFunction<Applied> applied;
  private final PurgeLimit purgeLimit;
  private final Rebuilds rebuilds;
  private final RaftListener listener;
  private final Map<Long, List<String>> peers = new ConcurrentHashMap<>();

  /**
   * @param replicas a group's replica here; null when there is none any more
   * @param applied the last entry that the group's replica here has applied
   */
  Quarantine(
      LongFunction<@Nullable Replica> replicas,
      LongFunction<Applied> applied,
      PurgeLimit purgeLimit,
      Rebuilds rebuilds,
      RaftListener listener) {
    this.replicas = replicas;
    this.applied = applied;
    this.purgeLimit = purgeLimit;
    this.rebuilds = rebuilds;
    this.listener = listener;
  }

  /**
   * Begins unless it has begun already.
   *
   * @param from the peers that are right, the best one first
   */
  void begin(long group, List<String> from) {
    Replica replica = replicas.apply(group);
    if (replica != null && peers.putIfAbsent(group, List.copyOf(from)) == null) {
      replica.quarantined(true);
      // Closed once and opened again: whoever reads there looks for another replica.
      listener.rebuilding(group);
      listener.rebuilt(group);
      attempt(group);
    }
  }

  private void attempt(long group) {
    List<String> from = peers.get(group);
    Replica replica = replicas.apply(group);
    if (from == null || replica == null || rebuilds.closed()) {
      end(group, replica);
      return;
    }
    // What is applied from here on must still be there to be applied again to the rebuilt rows.
    purgeLimit.hold(group, TOKEN, 0, HOLD_MAX);
    long index = applied.apply(group).index();
    purgeLimit.hold(group, TOKEN, index, HOLD_MAX);
    var unused =
        rebuilds
            .begin(group, from, index)
            .whenComplete(
                (at, fault) -> {
                  if (fault == null) {
                    end(group, replica);
                  } else {
                    LOG.debug("a replica stays in quarantine group={}", group, fault);
                    CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS)
                        .execute(() -> attempt(group));
                  }
                });
  }

  private void end(long group, @Nullable Replica replica) {
    purgeLimit.hold(group, TOKEN, 0, Duration.ZERO);
    peers.remove(group);
    if (replica != null) {
      replica.quarantined(false);
    }
  }
}
