package io.flotilla.node.grpc.read;

import io.flotilla.node.config.GrpcConfig;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.CallThreads.Alarm;
import io.flotilla.node.grpc.call.OpenStreams;
import io.flotilla.node.grpc.call.StallWatch;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.grpc.call.StreamWriter;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.router.Router;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.FetchPartition;
import io.flotilla.proto.v1.FetchStreamRequest;
import io.flotilla.proto.v1.FetchStreamResponse;
import io.flotilla.proto.v1.GoAway;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;

/**
 * One FetchStream: takes requests, and moves responses of {@link Fetches} to the transport while
 * that is ready and credit stands.
 *
 * <p>Everything runs on the stream's serial executor; transport, replicas and other nodes only
 * signal. Requests are taken one at a time, and none while answers wait for the transport. Nothing
 * is read without credit or while the transport is not ready, so nothing piles up here.
 */
final class FetchStreamCall implements StreamObserver<FetchStreamRequest> {

  private static final long CREDIT_A_REQUEST_MAX = 64L << 20;
  private static final int RESPONSES_A_TURN = 16;

  /** The next response is read while so much of the last one is still to be sent. */
  private static final int READ_AHEAD_BYTES = 256 << 10;

  private final GrpcConfig config;
  private final Executor serial;
  private final ServerCallStreamObserver<FetchStreamResponse> observer;
  private final StreamWriter<FetchStreamResponse> writer;
  private final StallWatch stall;
  private final Fetches fetches;
  private final OpenStreams.Leaving leaving = this::goAway;
  private Runnable unregister = () -> {};
  private Alarm silence = () -> {};
  private long credit;
  private boolean spoken;
  private boolean asked;
  private boolean halfClosed;

  FetchStreamCall(
      Router router,
      StartPositions positions,
      GrpcConfig config,
      CallThreads threads,
      ServerCallStreamObserver<FetchStreamResponse> observer) {
    this.config = config;
    this.serial = threads.serial(this::fail);
    this.observer = observer;
    this.writer = new StreamWriter<>(observer);
    this.stall = new StallWatch(config.streamStallMax(), serial, this::stalled);
    this.fetches =
        new Fetches(
            router,
            positions,
            CallScope.current(),
            config.fetchBufferBytes(),
            serial,
            this::pump,
            this::failed);
  }

  StreamObserver<FetchStreamRequest> begin(OpenStreams streams) {
    observer.disableAutoRequest();
    observer.setOnReadyThreshold(READ_AHEAD_BYTES);
    observer.setOnReadyHandler(() -> serial.execute(this::pump));
    observer.setOnCancelHandler(() -> serial.execute(this::cancelled));
    streams.add(leaving);
    unregister = () -> streams.remove(leaving);
    serial.execute(
        () -> {
          silence =
              CallThreads.after(config.firstMessageMax().toMillis(), serial, this::refuseSilence);
          pump();
        });
    return this;
  }

  @Override
  public void onNext(FetchStreamRequest request) {
    serial.execute(
        () -> {
          asked = false;
          spoken = true;
          silence.cancel();
          if (!writer.ended()) {
            receive(request);
            pump();
          }
        });
  }

  @Override
  public void onError(Throwable thrown) {
    serial.execute(this::cancelled);
  }

  @Override
  public void onCompleted() {
    serial.execute(
        () -> {
          halfClosed = true;
          end();
          writer.complete();
        });
  }

  private void receive(FetchStreamRequest request) {
    long more = request.getCreditBytes();
    if (more < 0 || more > CREDIT_A_REQUEST_MAX) {
      throw FlotillaException.invalid(
          "credit_bytes must be 0 to " + CREDIT_A_REQUEST_MAX + ", was " + more);
    }
    if (credit + more > config.fetchCreditBytesMax()) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_STREAM_LIMIT,
          "the stream would have "
              + (credit + more)
              + " bytes of credit, at most "
              + config.fetchCreditBytesMax()
              + " may stand");
    }
    int named = Math.max(request.getAddCount(), request.getRemoveCount());
    if (named > config.fetchesPerStreamMax()) {
      throw FlotillaException.invalid(
          "a request must add or remove at most "
              + config.fetchesPerStreamMax()
              + " fetches, not "
              + named);
    }
    credit += more;
    request.getRemoveList().forEach(fetches::remove);
    request.getAddList().forEach(this::add);
  }

  private void add(FetchPartition fetch) {
    if (fetches.contains(fetch.getFetchId())) {
      throw FlotillaException.invalid("fetch_id " + fetch.getFetchId() + " is in use");
    }
    if (fetches.size() >= config.fetchesPerStreamMax()) {
      failed(
          fetch.getFetchId(),
          new FlotillaException(
              ErrorReason.ERROR_REASON_STREAM_LIMIT,
              "the stream reads " + fetches.size() + " partitions already, which is the most"));
      return;
    }
    fetches.add(fetch);
  }

  private void pump() {
    writer.drain();
    for (int i = 0; i < RESPONSES_A_TURN && credit > 0 && writer.ready(); i++) {
      FetchStreamResponse response =
          fetches.next((int) Math.min(credit, config.fetchBufferBytes()));
      if (response == null) {
        break;
      }
      credit -= FetchRelay.bytes(response);
      stall.cleared();
      writer.send(response);
    }
    if (!writer.ended()) {
      rest();
    }
  }

  private void rest() {
    boolean more = credit > 0 && fetches.mayHaveMore();
    if (more && writer.ready()) {
      serial.execute(this::pump);
    } else if (more) {
      stall.blocked();
    } else {
      stall.cleared();
    }
    if (!asked && !halfClosed && !writer.behind()) {
      asked = true;
      observer.request(1);
    }
  }

  private void failed(int fetchId, FlotillaException why) {
    writer.send(
        FetchStreamResponse.newBuilder()
            .setFetchId(fetchId)
            .setFailure(StatusMapper.toFailure(why))
            .build());
  }

  private void refuseSilence() {
    if (!spoken) {
      fail(FlotillaException.invalid("no request arrived within " + config.firstMessageMax()));
    }
  }

  private void stalled() {
    leave(
        GoAway.newBuilder()
            .setMessage("nothing was read for too long though batches wait; open a new stream")
            .build());
  }

  private void goAway(GoAway goAway) {
    serial.execute(() -> leave(goAway));
  }

  private void leave(GoAway goAway) {
    end();
    writer.endWith(FetchStreamResponse.newBuilder().setGoAway(goAway).build());
  }

  private void fail(Throwable thrown) {
    if (!writer.ended()) {
      end();
      writer.fail(thrown);
    }
  }

  private void cancelled() {
    writer.cancelled();
    end();
  }

  private void end() {
    silence.cancel();
    stall.cleared();
    unregister.run();
    fetches.close();
  }
}
