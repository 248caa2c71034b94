package io.flotilla.cluster.workload;

import io.flotilla.cluster.harness.Wire;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.FetchPartition;
import io.flotilla.proto.v1.FetchStreamRequest;
import io.flotilla.proto.v1.FetchStreamResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A fetch stream driven answer by answer, as a stranger's client would. Confined to the test's
 * thread; answers arrive on gRPC's.
 */
public final class RawFetch implements AutoCloseable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(15);

  private final BlockingQueue<FetchStreamResponse> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<Status> end = new LinkedBlockingQueue<>();
  private final StreamObserver<FetchStreamRequest> requests;

  private RawFetch(Wire wire) {
    requests =
        wire.consumerAsync()
            .fetchStream(
                new StreamObserver<>() {
                  @Override
                  public void onNext(FetchStreamResponse response) {
                    answers.add(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    end.add(Status.fromThrowable(failure));
                  }

                  @Override
                  public void onCompleted() {
                    end.add(Status.OK);
                  }
                });
  }

  /** Begins a stream and asks for nothing. */
  public static RawFetch on(Wire wire) {
    return new RawFetch(wire);
  }

  public void send(FetchStreamRequest request) {
    requests.onNext(request);
  }

  /** The next answer; a stream that ended instead is a failure of the test. */
  public FetchStreamResponse next() {
    return poll(ANSWER_MAX)
        .orElseThrow(() -> new AssertionError("no answer; the stream's end: " + end.peek()));
  }

  /** The next answer, if one comes in time. */
  public Optional<FetchStreamResponse> poll(Duration atMost) {
    return Optional.ofNullable(take(answers, atMost));
  }

  /** Waits for the end of the stream and answers its status. */
  public Status awaitEnd() {
    Status status = take(end, ANSWER_MAX);
    if (status == null) {
      throw new AssertionError("the stream has not ended within " + ANSWER_MAX);
    }
    return status;
  }

  /** A partition from its beginning. */
  public static FetchPartition earliest(int fetchId, String topic, int partition) {
    return FetchPartition.newBuilder()
        .setFetchId(fetchId)
        .setTopic(topic)
        .setPartition(partition)
        .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST))
        .build();
  }

  @Override
  public void close() {
    requests.onError(Status.CANCELLED.withDescription("test is over").asRuntimeException());
  }

  private static <T> @Nullable T take(BlockingQueue<T> queue, Duration atMost) {
    try {
      return queue.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
