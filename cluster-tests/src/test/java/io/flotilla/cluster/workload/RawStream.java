package io.flotilla.cluster.workload;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.Wire;
import io.flotilla.proto.v1.OpenPublish;
import io.flotilla.proto.v1.Opened;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishStreamRequest;
import io.flotilla.proto.v1.PublishStreamResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A publish stream driven answer by answer, as a stranger's client would. Window changes are passed
 * over unless asked for. Confined to the test's thread; answers arrive on gRPC's.
 */
public final class RawStream implements AutoCloseable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(15);

  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final StreamObserver<PublishStreamRequest> requests;

  /** A response, or the end of the stream with its status. */
  private record Answer(@Nullable PublishStreamResponse response, Status end) {}

  private RawStream(Wire wire) {
    requests = wire.producerAsync().publishStream(new Collector());
  }

  /** Begins a stream and sends nothing. */
  public static RawStream on(Wire wire) {
    return new RawStream(wire);
  }

  /** Sends Open and waits for Opened. */
  public Opened open(OpenPublish open) {
    send(PublishStreamRequest.newBuilder().setOpen(open).build());
    PublishStreamResponse response = next();
    if (!response.hasOpened()) {
      throw new AssertionError("expected Opened, found " + response);
    }
    return response.getOpened();
  }

  public void send(PublishBatch batch) {
    send(PublishStreamRequest.newBuilder().setBatch(batch).build());
  }

  public void send(PublishStreamRequest request) {
    requests.onNext(request);
  }

  /**
   * Sends a batch, and again as often as it is refused only for the moment; answers the last word.
   */
  public PublishStreamResponse settle(PublishBatch batch) {
    return Await.value(
        "batch " + batch.getBatchId() + " is settled",
        ANSWER_MAX,
        () -> {
          send(batch);
          PublishStreamResponse answer = next();
          boolean passing =
              answer.getReject().getFailure().getCode() == Status.Code.UNAVAILABLE.value();
          return passing ? Optional.empty() : Optional.of(answer);
        });
  }

  /** The next response that is not a change of the window. */
  public PublishStreamResponse next() {
    while (true) {
      Answer answer = take();
      PublishStreamResponse response = answer.response();
      if (response == null) {
        throw answer.end().asRuntimeException();
      }
      if (!response.hasWindow()) {
        return response;
      }
    }
  }

  /** Waits for the end of the stream and answers its status. */
  public Status awaitEnd() {
    Answer answer = take();
    while (answer.response() != null) {
      answer = take();
    }
    return answer.end();
  }

  /** Ends the client's side. */
  public void complete() {
    requests.onCompleted();
  }

  @Override
  public void close() {
    requests.onError(Status.CANCELLED.withDescription("test is over").asRuntimeException());
  }

  private Answer take() {
    try {
      Answer answer = answers.poll(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
      if (answer == null) {
        throw new AssertionError("no answer on the stream within " + ANSWER_MAX);
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private final class Collector implements StreamObserver<PublishStreamResponse> {
    @Override
    public void onNext(PublishStreamResponse response) {
      answers.add(new Answer(response, Status.OK));
    }

    @Override
    public void onError(Throwable failure) {
      answers.add(new Answer(null, Status.fromThrowable(failure)));
    }

    @Override
    public void onCompleted() {
      answers.add(new Answer(null, Status.OK));
    }
  }
}
