package io.flotilla.node.grpc.group;

import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.EventTraces;
import io.flotilla.node.grpc.call.OpenStreams;
import io.flotilla.node.grpc.call.StallWatch;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.grpc.call.StreamWriter;
import io.flotilla.node.grpc.read.EventChunk;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.internal.v1.SessionAssignment;
import io.flotilla.proto.internal.v1.SessionJoined;
import io.flotilla.proto.state.v1.JoinMember;
import io.flotilla.proto.v1.Acknowledged;
import io.flotilla.proto.v1.Assigned;
import io.flotilla.proto.v1.AssignedPartition;
import io.flotilla.proto.v1.CommitResult;
import io.flotilla.proto.v1.ConsumeRequest;
import io.flotilla.proto.v1.ConsumeResponse;
import io.flotilla.proto.v1.Delivery;
import io.flotilla.proto.v1.GoAway;
import io.flotilla.proto.v1.JoinGroup;
import io.flotilla.proto.v1.Joined;
import io.flotilla.proto.v1.Lost;
import io.flotilla.proto.v1.Revoked;
import io.flotilla.proto.v1.TopicPartition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A member's stream: hands what the member says to its session and its partitions, and what they
 * say to the member. Delivers while the transport is ready and the member acknowledges, so a slow
 * member costs one read a partition and what it was granted. Everything runs on its serial
 * executor; it has no thread of its own.
 */
final class ConsumeCall implements StreamObserver<ConsumeRequest>, MemberPartitions.Listener {

  private static final int CHUNKS_A_TURN = 16;

  private final GroupContext context;
  private final String host;
  private final Executor serial;
  private final ServerCallStreamObserver<ConsumeResponse> observer;
  private final StreamWriter<ConsumeResponse> writer;
  private final StallWatch stall;
  private final CallScope scope = CallScope.current();
  private final OpenStreams.Leaving leaving = this::goAway;
  private @Nullable JoinGroup join;
  private @Nullable MemberSession session;
  private @Nullable MemberPartitions partitions;
  private long unackedMax;
  private boolean full;
  private boolean told;
  private boolean leaves;
  private boolean finishing;

  ConsumeCall(
      GroupContext context, String host, ServerCallStreamObserver<ConsumeResponse> observer) {
    this.context = context;
    this.host = host;
    this.serial = context.threads().serial(this::fail);
    this.observer = observer;
    this.writer = new StreamWriter<>(observer);
    this.stall = new StallWatch(context.config().streamStallMax(), serial, this::stalled);
  }

  StreamObserver<ConsumeRequest> begin() {
    observer.setOnReadyHandler(() -> serial.execute(this::pump));
    observer.setOnCancelHandler(() -> serial.execute(this::cancelled));
    context.streams().add(leaving);
    CallThreads.after(
        context.config().firstMessageMax().toMillis(),
        serial,
        () -> {
          if (join == null) {
            fail(FlotillaException.invalid("nothing was said; begin with join"));
          }
        });
    return this;
  }

  @Override
  public void onNext(ConsumeRequest request) {
    serial.execute(() -> take(request));
  }

  @Override
  public void onError(Throwable thrown) {
    serial.execute(this::cancelled);
  }

  /** The member says no more: it leaves, unless its instance id is to keep its place. */
  @Override
  public void onCompleted() {
    serial.execute(() -> finish(join != null && join.getInstanceId().isEmpty()));
  }

  private void take(ConsumeRequest request) {
    if (writer.ended() || finishing) {
      return;
    }
    MemberPartitions mine = partitions;
    switch (request.getRequestCase()) {
      case JOIN -> join(request.getJoin());
      case ACK -> demand(mine).ack(request.getAck().getProcessedList());
      case RELEASE -> demand(mine).release(request.getRelease().getPartitionsList());
      case LEAVE -> {
        demand(mine);
        finish(true);
      }
      case REQUEST_NOT_SET -> throw FlotillaException.invalid("the request is empty");
    }
  }

  private static MemberPartitions demand(@Nullable MemberPartitions mine) {
    if (mine == null) {
      throw FlotillaException.invalid("the first request must be join");
    }
    return mine;
  }

  private void join(JoinGroup wanted) {
    if (join != null) {
      throw FlotillaException.invalid("join may come only once");
    }
    JoinChecks.join(wanted);
    join = wanted;
    unackedMax = JoinChecks.unackedEventsMax(wanted);
    JoinMember member = JoinChecks.member(wanted, host);
    boolean fresh = wanted.getSessionToken().isEmpty();
    MemberSession opened =
        new MemberSession(
            wanted.getGroup(),
            member,
            fresh,
            context.router(),
            context.routes(),
            serial,
            new SessionNews());
    session = opened;
    partitions = new MemberPartitions(context, wanted, opened, scope, serial, this::pump, this);
    opened.open();
  }

  /** What the coordinator says. */
  private final class SessionNews implements MemberSession.Listener {
    @Override
    public void joined(SessionJoined as) {
      demand(partitions).born(as.getBornGeneration());
      if (!told) {
        told = true;
        writer.send(
            ConsumeResponse.newBuilder()
                .setJoined(
                    Joined.newBuilder()
                        .setMemberId(as.getMemberId())
                        .setSessionToken(as.getSessionToken())
                        .setSessionTimeoutMs(as.getSessionTimeoutMs())
                        .setResumed(as.getResumed()))
                .build());
      }
    }

    @Override
    public void assigned(SessionAssignment assignment) {
      if (!writer.ended()) {
        demand(partitions).assigned(assignment);
      }
    }

    @Override
    public void over(FlotillaException why) {
      fail(why);
    }
  }

  @Override
  public void assigned(long generation, List<AssignedPartition> which) {
    writer.send(
        ConsumeResponse.newBuilder()
            .setAssigned(Assigned.newBuilder().setGeneration(generation).addAllPartitions(which))
            .build());
    pump();
  }

  @Override
  public void revoked(List<TopicPartition> which, long withinMs) {
    writer.send(
        ConsumeResponse.newBuilder()
            .setRevoked(Revoked.newBuilder().addAllPartitions(which).setWithinMs(withinMs))
            .build());
  }

  @Override
  public void lost(List<TopicPartition> which, FlotillaException why) {
    writer.send(
        ConsumeResponse.newBuilder()
            .setLost(
                Lost.newBuilder().addAllPartitions(which).setFailure(StatusMapper.toFailure(why)))
            .build());
  }

  @Override
  public void committed(List<CommitResult> results) {
    writer.send(
        ConsumeResponse.newBuilder()
            .setAcked(Acknowledged.newBuilder().addAllResults(results))
            .build());
    if (finishing) {
      finished();
    } else {
      pump();
    }
  }

  private void pump() {
    MemberPartitions mine = partitions;
    writer.drain();
    if (mine == null || writer.ended() || finishing) {
      return;
    }
    // Once full it is filled up again from half on, not event by event.
    full = mine.unacked() >= unackedMax || (full && mine.unacked() > unackedMax / 2);
    for (int i = 0; i < CHUNKS_A_TURN && writer.ready() && !full; i++) {
      Holdings.Taken taken = mine.next(unackedMax - mine.unacked());
      if (taken == null) {
        break;
      }
      send(taken);
      full = mine.unacked() >= unackedMax;
    }
    boolean more = !full && mine.mayHaveMore();
    if (more && writer.ready()) {
      serial.execute(this::pump);
    } else if (more) {
      stall.blocked();
    } else {
      stall.cleared();
    }
  }

  private void send(Holdings.Taken taken) {
    stall.cleared();
    EventChunk chunk = taken.chunk();
    String group = join == null ? "" : join.getGroup();
    EventTraces.delivered(context.traces(), taken.from().topic().name(), group, chunk.events());
    writer.send(
        ConsumeResponse.newBuilder()
            .setDelivery(
                Delivery.newBuilder()
                    .setTopic(taken.from().topic().name())
                    .setTopicId(taken.from().topic().topicId())
                    .addAllEvents(chunk.events())
                    .addAllSkipped(chunk.skipped()))
            .build());
  }

  private void stalled() {
    leave(
        GoAway.newBuilder()
            .setMessage("nothing was read for too long though events wait; join again")
            .build());
  }

  private void goAway(GoAway goAway) {
    serial.execute(() -> leave(goAway));
  }

  private void leave(GoAway goAway) {
    if (!writer.ended() && !finishing) {
      end();
      writer.endWith(ConsumeResponse.newBuilder().setGoAway(goAway).build());
    }
  }

  /** Commits what was acknowledged, then leaves or not. */
  private void finish(boolean leavesGroup) {
    MemberPartitions mine = partitions;
    finishing = true;
    leaves = leavesGroup;
    if (mine == null) {
      end();
      writer.complete();
      return;
    }
    mine.stop();
    finished();
    CallThreads.after(context.config().firstMessageMax().toMillis(), serial, this::finishNow);
  }

  private void finished() {
    MemberPartitions mine = partitions;
    if (mine == null || mine.idle()) {
      finishNow();
    }
  }

  private void finishNow() {
    MemberSession open = session;
    if (writer.ended()) {
      return;
    }
    if (leaves && open != null) {
      letGo();
      open.leave(writer::complete);
    } else {
      end();
      writer.complete();
    }
  }

  private void fail(Throwable thrown) {
    if (!writer.ended()) {
      end();
      writer.fail(thrown);
    }
  }

  private void cancelled() {
    writer.cancelled();
    MemberSession open = session;
    if (leaves && open != null) {
      letGo();
      open.leave(() -> {}); // What it said counts, though it does not wait.
    } else {
      end();
    }
  }

  private void end() {
    letGo();
    MemberSession open = session;
    if (open != null) {
      open.close();
    }
  }

  private void letGo() {
    stall.cleared();
    context.streams().remove(leaving);
    MemberPartitions mine = partitions;
    if (mine != null) {
      mine.close();
    }
  }
}
