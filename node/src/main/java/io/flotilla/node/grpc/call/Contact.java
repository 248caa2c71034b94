package io.flotilla.node.grpc.call;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Whether this node hears of the cluster. Once it has known no leader of the metadata for three
 * seconds it is probably cut off, while other nodes go on: what it cannot answer by itself it
 * refuses then instead of waiting, so that clients ask another node, and those who watch here are
 * sent there. What it leads and knows it goes on serving. One look every 250 ms on the executor;
 * safe.
 */
public final class Contact implements AutoCloseable {
  private static final long LOOK_MS = 250;
  private static final Duration LOST_AFTER = Duration.ofSeconds(3);

  private final BooleanSupplier led;
  private final Executor executor;
  private final Set<Runnable> watching = ConcurrentHashMap.newKeySet();
  private volatile boolean lost;
  private volatile boolean closed;
  private long ledNanos = System.nanoTime(); // confined to one look after the other

  /**
   * @param led a leader of the metadata is known now
   */
  public Contact(BooleanSupplier led, Executor executor) {
    this.led = led;
    this.executor = executor;
  }

  /** Begins to look. */
  public void start() {
    if (!closed) {
      CompletableFuture.delayedExecutor(LOOK_MS, TimeUnit.MILLISECONDS, executor)
          .execute(this::look);
    }
  }

  private void look() {
    long now = System.nanoTime();
    if (led.getAsBoolean()) {
      ledNanos = now;
      lost = false;
    } else if (!lost && now - ledNanos > LOST_AFTER.toNanos()) {
      lost = true;
      watching.forEach(Runnable::run);
    }
    start();
  }

  /** Nothing has been heard for too long. */
  public boolean isLost() {
    return lost;
  }

  /** Runs the task each time that contact is lost; hand off. Answers how to end that. */
  public Runnable whenLost(Runnable task) {
    watching.add(task);
    return () -> watching.remove(task);
  }

  @Override
  public void close() {
    closed = true;
  }
}
