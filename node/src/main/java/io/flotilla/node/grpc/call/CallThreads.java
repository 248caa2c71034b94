package io.flotilla.node.grpc.call;

import com.google.common.util.concurrent.MoreExecutors;
import io.flotilla.node.config.GrpcConfig;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads {@code flotilla-call-*}, on which all calls run. A new call is turned away on the
 * event loop, unqueued, once callQueueMax tasks wait; tasks of calls already taken are never
 * refused, and there is at most one a call and one a stream waiting, so the queue is bounded by
 * callQueueMax plus the open calls. Safe.
 */
public final class CallThreads implements ServerCallExecutorSupplier, Executor {

  /** Put on a call that was turned away; the gate refuses it. */
  static final Metadata.Key<String> TURNED_AWAY =
      Metadata.Key.of("flotilla-turned-away", Metadata.ASCII_STRING_MARSHALLER);

  private final ThreadPoolExecutor pool;
  private final int queueMax;

  public CallThreads(GrpcConfig config) {
    AtomicInteger number = new AtomicInteger();
    this.queueMax = config.callQueueMax();
    this.pool =
        new ThreadPoolExecutor(
            config.callThreads(),
            config.callThreads(),
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "flotilla-call-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            // Only after close, when every call has ended: there is nobody left to tell.
            new ThreadPoolExecutor.DiscardPolicy());
  }

  @Override
  public <ReqT, RespT> @Nullable Executor getExecutor(
      ServerCall<ReqT, RespT> call, Metadata headers) {
    if (pool.getQueue().size() < queueMax) {
      return pool;
    }
    headers.put(TURNED_AWAY, "1");
    return null;
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  /**
   * Runs what it is given one after the other, in order, on these threads; what a task throws goes
   * to the handler, in turn.
   */
  public Executor serial(Consumer<RuntimeException> onFault) {
    Executor sequential = MoreExecutors.newSequentialExecutor(pool);
    return task ->
        sequential.execute(
            () -> {
              try {
                task.run();
              } catch (RuntimeException e) {
                onFault.accept(e);
              }
            });
  }

  /** Runs the task on these threads (or through the given serial executor) after a while. */
  public static Alarm after(long delayMs, Executor executor, Runnable task) {
    CompletableFuture<Void> due =
        new CompletableFuture<Void>().completeOnTimeout(null, delayMs, TimeUnit.MILLISECONDS);
    var unused = due.thenRunAsync(task, executor);
    return () -> due.cancel(false);
  }

  /** Something that will happen unless it is cancelled. */
  @FunctionalInterface
  public interface Alarm {
    void cancel();
  }

  /** Ends the threads once their work is done; new work is refused. */
  public void close() {
    pool.shutdown();
  }
}
