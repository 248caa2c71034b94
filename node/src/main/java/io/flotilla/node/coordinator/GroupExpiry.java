package io.flotilla.node.coordinator;

import io.flotilla.node.model.NodeClocks;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says again and again what time it is by the cluster's clocks, and since when a consumer group
 * must not have been used to be forgotten. One thread, which waits for other nodes.
 */
final class GroupExpiry implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GroupExpiry.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration FORGET_EVERY_MAX = Duration.ofMinutes(1);

  private final GroupTime time;
  private final Supplier<Set<Integer>> nodes;
  private final NodeClocks clocks;
  private final Duration retention;
  private final LongConsumer forget;
  private final long looksBetween;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread t = new Thread(task, "flotilla-expiry");
            t.setDaemon(true);
            return t;
          });

  /** Confined to the thread. */
  private long looksToGo;

  /**
   * @param nodes all of the cluster
   * @param retention groups that nobody used for so long are forgotten
   * @param forget is given, in milliseconds since 1970, before when they were used last; must not
   *     block
   */
  GroupExpiry(
      GroupTime time,
      Supplier<Set<Integer>> nodes,
      NodeClocks clocks,
      Duration retention,
      LongConsumer forget) {
    this.time = time;
    this.nodes = nodes;
    this.clocks = clocks;
    this.retention = retention;
    this.forget = forget;
    Duration every = retention.compareTo(FORGET_EVERY_MAX) < 0 ? retention : FORGET_EVERY_MAX;
    this.looksBetween = every.toMillis() / LOOK_EVERY.toMillis();
  }

  void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::lookSafely, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void lookSafely() {
    try {
      look();
    } catch (RuntimeException e) {
      LOG.error("unused consumer groups could not be looked for; it is tried again", e);
    }
  }

  /** One look; asks every time until the nodes have agreed once. */
  void look() {
    if (time.isAgreed() && --looksToGo > 0) {
      return;
    }
    looksToGo = looksBetween;
    time.agree(nodes.get(), clocks);
    if (time.isAgreed()) {
      forget.accept(time.getAsLong() - retention.toMillis());
    } else {
      LOG.debug("too few clocks answer; no consumer group is forgotten");
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
