package io.flotilla.node.grpc.verify;

import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.OpenStreams;
import io.flotilla.node.grpc.call.StreamWriter;
import io.flotilla.node.grpc.verify.ReplicaSource.Told;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.DigestReplicaRequest;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.GoAway;
import io.flotilla.proto.v1.VerifyPartitionRequest;
import io.flotilla.proto.v1.VerifyPartitionResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One VerifyPartition: the comparison on a thread of its own, what it tells on the stream's serial
 * executor. A caller that reads slowly hears less of the progress; one that is gone ends it.
 */
public final class VerifyCall {

  private static final Logger LOG = LoggerFactory.getLogger(VerifyCall.class);

  /** Verifications at once; each reads as fast as the disks give. */
  private static final int RUNNING_MAX = 2;

  private static final long IDLE_SECONDS = 10;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final Duration SETTLING_MAX = Duration.ofSeconds(10);
  private static final long PROGRESS_EVERY_MS = 500;

  private final Router router;
  private final PartitionId partition;
  private final GroupInfo group;
  private final CallScope scope = CallScope.current();
  private final ReplicaDigests digests;
  private final Executor serial;
  private final ServerCallStreamObserver<VerifyPartitionResponse> observer;
  private final StreamWriter<VerifyPartitionResponse> writer;
  private volatile boolean cancelled;
  private volatile Runnable unregister = () -> {};
  private long toldAtMs;
  private VerifyPartitionResponse last = VerifyPartitionResponse.getDefaultInstance();

  public VerifyCall(
      VerifyPartitionRequest request,
      Router router,
      CallThreads threads,
      ServerCallStreamObserver<VerifyPartitionResponse> observer) {
    this.router = router;
    TopicInfo topic = router.topic(request.getTopic(), request.getTopicId());
    this.partition = router.partition(topic, request.getPartition());
    GroupInfo carrier = router.image().group(topic, request.getPartition());
    if (carrier == null) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND,
          "partition " + request.getPartition() + " of \"" + topic.name() + "\" is gone");
    }
    this.group = carrier;
    this.digests = new ReplicaDigests(router, threads);
    this.serial = threads.serial(this::fail);
    this.observer = observer;
    this.writer = new StreamWriter<>(observer);
  }

  /** The threads for all verifications of a node; they end by themselves. */
  public static Executor threads() {
    return new ThreadPoolExecutor(
        0,
        RUNNING_MAX,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "flotilla-verify");
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Begins; refuses with THROTTLED when too many run.
   *
   * @param threads has one thread for each verification that may run, and refuses more
   */
  public void begin(Executor threads, OpenStreams streams) {
    OpenStreams.Leaving leaving = goAway -> serial.execute(() -> fail(leaving(goAway)));
    streams.add(leaving);
    unregister = () -> streams.remove(leaving);
    observer.setOnReadyHandler(() -> serial.execute(writer::drain));
    observer.setOnCancelHandler(
        () -> {
          cancelled = true;
          unregister.run();
          serial.execute(writer::cancelled);
        });
    try {
      threads.execute(this::run);
    } catch (RejectedExecutionException e) {
      unregister.run();
      throw FlotillaException.throttled(
          "node " + router.nodeId() + " verifies other partitions already", RETRY_AFTER);
    }
  }

  private void run() {
    try {
      var found =
          new PartitionVerifier(partition, group.nodeIds(), this::ask, this::progress, SETTLING_MAX)
              .run();
      VerifyPartitionResponse result = last.toBuilder().addAllReplicas(found).build();
      serial.execute(
          () -> {
            writer.send(result);
            writer.complete();
          });
    } catch (CancellationException e) {
      LOG.debug("a verification ended early: nobody listens partition={}", partition);
    } catch (RuntimeException e) {
      serial.execute(() -> fail(e));
    } finally {
      unregister.run();
    }
  }

  private static FlotillaException leaving(GoAway goAway) {
    return new FlotillaException(ErrorReason.ERROR_REASON_SHUTTING_DOWN, goAway.getMessage());
  }

  private void fail(Throwable thrown) {
    cancelled = true;
    if (!writer.ended()) {
      writer.fail(thrown);
    }
  }

  private void progress(long from, long reached, long end) {
    if (cancelled) {
      throw new CancellationException();
    }
    last =
        VerifyPartitionResponse.newBuilder()
            .setFromOffset(from)
            .setReachedOffset(reached)
            .setEndOffset(end)
            .build();
    long nowMs = System.nanoTime() / 1_000_000;
    if (nowMs - toldAtMs >= PROGRESS_EVERY_MS) {
      toldAtMs = nowMs;
      VerifyPartitionResponse told = last;
      serial.execute(
          () -> {
            if (writer.ready()) {
              writer.send(told);
            }
          });
    }
  }

  private Map<Integer, Told> ask(Collection<Integer> nodes, DigestReplicaRequest request) {
    return digests.ask(nodes, request, scope);
  }
}
