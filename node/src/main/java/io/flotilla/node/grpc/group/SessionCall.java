package io.flotilla.node.grpc.group;

import io.flotilla.node.coordinator.CoordinatorSet;
import io.flotilla.node.coordinator.MemberLink;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.OpenStreams;
import io.flotilla.node.grpc.call.StreamWriter;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.internal.v1.OpenSessionRequest;
import io.flotilla.proto.internal.v1.OpenSessionResponse;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.GoAway;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A member's session as it reaches the coordinator: between a stream of the member's node and
 * {@link CoordinatorSet}. Keeps the newest assignment only, however slow the node is. Everything
 * runs on its serial executor.
 */
final class SessionCall implements StreamObserver<OpenSessionRequest>, MemberLink {

  private final CoordinatorSet coordinators;
  private final OpenStreams streams;
  private final OpenStreams.Leaving leaving = this::goAway;
  private final Executor serial;
  private final ServerCallStreamObserver<OpenSessionResponse> observer;
  private final StreamWriter<OpenSessionResponse> writer;
  private CoordinatorSet.@Nullable OpenSession session;
  private @Nullable OpenSessionResponse assignment;

  SessionCall(
      CoordinatorSet coordinators,
      CallThreads threads,
      OpenStreams streams,
      ServerCallStreamObserver<OpenSessionResponse> observer) {
    this.coordinators = coordinators;
    this.streams = streams;
    this.serial = threads.serial(this::failed);
    this.observer = observer;
    this.writer = new StreamWriter<>(observer);
  }

  StreamObserver<OpenSessionRequest> begin() {
    observer.setOnReadyHandler(() -> serial.execute(this::drain));
    observer.setOnCancelHandler(() -> serial.execute(this::cancelled));
    streams.add(leaving);
    return this;
  }

  @Override
  public void onNext(OpenSessionRequest request) {
    serial.execute(() -> take(request));
  }

  private void take(OpenSessionRequest request) {
    if (writer.ended()) {
      return;
    }
    CoordinatorSet.OpenSession open = session;
    if (request.hasJoin() && open == null) {
      session = coordinators.open(request.getJoin(), this);
    } else if (request.hasRelease() && open != null) {
      open.release(request.getRelease().getPartitionIdsList());
    } else if (request.hasLeave() && open != null) {
      open.leave();
    } else {
      failed(FlotillaException.invalid("a session begins with join, and only with that"));
    }
  }

  @Override
  public void onError(Throwable thrown) {
    serial.execute(this::cancelled);
  }

  @Override
  public void onCompleted() {
    serial.execute(
        () -> {
          closed();
          writer.complete();
        });
  }

  private void cancelled() {
    writer.cancelled();
    closed();
  }

  private void failed(RuntimeException why) {
    closed();
    writer.fail(why);
  }

  private void goAway(GoAway goAway) {
    end(
        new FlotillaException(
            ErrorReason.ERROR_REASON_SHUTTING_DOWN, "go on elsewhere: " + goAway.getMessage()));
  }

  private void closed() {
    streams.remove(leaving);
    CoordinatorSet.OpenSession open = session;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void send(OpenSessionResponse news) {
    serial.execute(
        () -> {
          if (news.hasAssignment()) {
            assignment = news;
            drain();
          } else {
            writer.send(news);
          }
        });
  }

  private void drain() {
    writer.drain();
    OpenSessionResponse newest = assignment;
    if (newest != null && writer.ready()) {
      assignment = null;
      writer.send(newest);
    }
  }

  @Override
  public void end(FlotillaException why) {
    serial.execute(
        () -> {
          closed();
          writer.fail(why);
        });
  }
}
