package io.flotilla.node.grpc.group;

import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.ErrorCatalogue;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.router.CoordinatorRoutes;
import io.flotilla.node.router.Route;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.CoordinatorServiceGrpc;
import io.flotilla.proto.internal.v1.OpenSessionRequest;
import io.flotilla.proto.internal.v1.OpenSessionResponse;
import io.flotilla.proto.internal.v1.SessionAssignment;
import io.flotilla.proto.internal.v1.SessionJoin;
import io.flotilla.proto.internal.v1.SessionJoined;
import io.flotilla.proto.internal.v1.SessionLeave;
import io.flotilla.proto.internal.v1.SessionPartition;
import io.flotilla.proto.internal.v1.SessionRelease;
import io.flotilla.proto.state.v1.JoinMember;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Retry;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A member's session with the coordinator, as the node keeps it that serves the member: found
 * again, with the same token, whenever the coordinator's leader changes or its connection breaks.
 * What the member was to say meanwhile is said then. Confined to the member's serial executor.
 */
final class MemberSession {

  private static final long RETRY_MS = 40;
  private static final long RETRY_MS_MAX = 500;

  /** A good-bye is passed on for so long; without it the member is missed in its time. */
  private static final long LEAVE_MS_MAX = 30_000;

  /** What a member's node hears, on the serial executor. */
  interface Listener {
    /** The first time, and after each change of the coordinator's leader. */
    void joined(SessionJoined as);

    /** Everything that the member has now. */
    void assigned(SessionAssignment assignment);

    /** The membership is over. */
    void over(FlotillaException why);
  }

  private final String group;
  private final JoinMember member;
  private final Router router;
  private final CoordinatorRoutes routes;
  private final Executor serial;
  private final Listener listener;
  private final Map<Long, Long> unreleased = new TreeMap<>(); // partition → its generation
  private @Nullable StreamObserver<OpenSessionRequest> stream;
  private @Nullable Runnable whenLeft; // not null: the member leaves
  private boolean fresh;
  private boolean closed;
  private int failures;
  private int streams;

  /**
   * @param fresh a new membership; false: it is resumed
   */
  MemberSession(
      String group,
      JoinMember member,
      boolean fresh,
      Router router,
      CoordinatorRoutes routes,
      Executor serial,
      Listener listener) {
    this.group = group;
    this.member = member;
    this.fresh = fresh;
    this.router = router;
    this.routes = routes;
    this.serial = serial;
    this.listener = listener;
  }

  void open() {
    if (closed) {
      return;
    }
    Route route = routes.leaderOf(Coordinators.of(group));
    if (route instanceof Route.Here) {
      open(router.nodeId());
    } else if (route instanceof Route.There there) {
      open(there.leader().nodeId());
    } else {
      var unused =
          routes
              .make(group)
              .whenCompleteAsync(
                  (made, fault) -> lost(FlotillaException.notLeader(String.valueOf(fault), null)),
                  serial);
    }
  }

  private void open(int node) {
    var stub =
        CoordinatorServiceGrpc.newStub(routes.sessionChannel(node, member.getSessionToken()));
    Link link = new Link(++streams);
    StreamObserver<OpenSessionRequest> opened = CallScope.direct(stub).openSession(link);
    stream = opened;
    opened.onNext(
        OpenSessionRequest.newBuilder()
            .setJoin(
                SessionJoin.newBuilder()
                    .setGroup(group)
                    .setMember(member.toByteString())
                    .setFresh(fresh && whenLeft == null)
                    .setNodeId(router.nodeId()))
            .build());
    if (!unreleased.isEmpty()) {
      sendRelease(opened, unreleased.keySet());
    }
    if (whenLeft != null) {
      sendLeave(opened);
    }
  }

  private void lost(FlotillaException why) {
    stream = null;
    streams++;
    if (closed) {
      return;
    }
    Retry retry = ErrorCatalogue.retry(why.reason());
    if (retry == Retry.RETRY_NEVER) {
      closed = true;
      if (whenLeft == null) {
        listener.over(why);
      } else {
        whenLeft.run(); // The group knows the member no more.
      }
      return;
    }
    long wait = Math.min(RETRY_MS_MAX, RETRY_MS << Math.min(4, failures++));
    CallThreads.after(
        wait / 2 + ThreadLocalRandom.current().nextLong(wait / 2 + 1), serial, this::open);
  }

  /** A partition was let go, by model.PartitionId. */
  void release(long partitionId, long generation) {
    unreleased.put(partitionId, generation);
    StreamObserver<OpenSessionRequest> open = stream;
    if (open != null) {
      sendRelease(open, List.of(partitionId));
    }
  }

  private static void sendRelease(StreamObserver<OpenSessionRequest> to, Collection<Long> ids) {
    to.onNext(
        OpenSessionRequest.newBuilder()
            .setRelease(SessionRelease.newBuilder().addAllPartitionIds(ids))
            .build());
  }

  private static void sendLeave(StreamObserver<OpenSessionRequest> to) {
    to.onNext(OpenSessionRequest.newBuilder().setLeave(SessionLeave.getDefaultInstance()).build());
  }

  /**
   * The member leaves the group for good: that is passed on to whoever leads the coordinator, until
   * the group has let it go.
   *
   * @param done runs then; when it was tried for long the listener hears that it is over
   */
  void leave(Runnable done) {
    if (closed || whenLeft != null) {
      return;
    }
    CallThreads.Alarm givesUp =
        CallThreads.after(
            LEAVE_MS_MAX,
            serial,
            () -> {
              if (!closed) {
                end();
                listener.over(
                    FlotillaException.notLeader(
                        "nobody who coordinates the group was found to leave it", null));
              }
            });
    whenLeft =
        () -> {
          givesUp.cancel();
          done.run();
        };
    StreamObserver<OpenSessionRequest> open = stream;
    if (open != null) {
      sendLeave(open);
    }
  }

  /** The member is served here no more. One that leaves does so all the same. */
  void close() {
    if (!closed && whenLeft == null) {
      end();
    }
  }

  private void end() {
    closed = true;
    StreamObserver<OpenSessionRequest> open = stream;
    if (open != null) {
      open.onCompleted();
    }
  }

  private void take(OpenSessionResponse news) {
    if (whenLeft != null) {
      failures = 0; // And nobody is there to be told.
    } else if (news.hasJoined()) {
      fresh = false;
      failures = 0;
      listener.joined(news.getJoined());
    } else if (news.hasAssignment()) {
      SessionAssignment assignment = news.getAssignment();
      Map<Long, Long> revoking = new TreeMap<>();
      for (SessionPartition partition : assignment.getPartitionsList()) {
        if (partition.getRevoking()) {
          revoking.put(partition.getPartitionId(), partition.getGeneration());
        }
      }
      unreleased.entrySet().retainAll(revoking.entrySet());
      listener.assigned(assignment);
    }
  }

  /** One stream; news of one that was replaced are passed over. */
  private final class Link implements StreamObserver<OpenSessionResponse> {

    private final int number;

    Link(int number) {
      this.number = number;
    }

    private void run(Runnable task) {
      serial.execute(
          () -> {
            if (number == streams && !closed) {
              task.run();
            }
          });
    }

    @Override
    public void onNext(OpenSessionResponse news) {
      run(() -> take(news));
    }

    @Override
    public void onError(Throwable thrown) {
      run(() -> lost(StatusMapper.fromPeer(thrown)));
    }

    @Override
    public void onCompleted() {
      run(
          () ->
              lost(
                  new FlotillaException(
                      ErrorReason.ERROR_REASON_SHUTTING_DOWN,
                      "the coordinator ended the session")));
    }
  }
}
