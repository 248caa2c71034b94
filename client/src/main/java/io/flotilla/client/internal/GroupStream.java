package io.flotilla.client.internal;

import io.flotilla.proto.v1.ConsumeRequest;
import io.flotilla.proto.v1.ConsumeResponse;
import io.flotilla.proto.v1.GroupConsumerServiceGrpc;
import io.flotilla.proto.v1.JoinGroup;
import io.flotilla.proto.v1.LeaveGroup;
import io.flotilla.proto.v1.ReleasePartitions;
import io.flotilla.proto.v1.TopicPartition;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One Consume stream to one node. Requests are made under the membership's monitor; answers are
 * passed on by gRPC's threads, serially.
 */
final class GroupStream implements ClientResponseObserver<ConsumeRequest, ConsumeResponse> {

  private final Route route;
  private final GroupMembership owner;
  private @Nullable ClientCallStreamObserver<ConsumeRequest> requests;

  /** It was answered by Joined. Under the monitor. */
  boolean joined;

  /** Assigned, which is due next, tells everything that the member has. Under the monitor. */
  boolean allIsTold;

  GroupStream(Route route, GroupMembership owner) {
    this.route = route;
    this.owner = owner;
  }

  Route route() {
    return route;
  }

  void open(Channels channels, JoinGroup join) {
    requests =
        (ClientCallStreamObserver<ConsumeRequest>)
            GroupConsumerServiceGrpc.newStub(channels.to(route)).consume(this);
    request(ConsumeRequest.newBuilder().setJoin(join).build());
  }

  void release(List<TopicPartition> partitions) {
    request(
        ConsumeRequest.newBuilder()
            .setRelease(ReleasePartitions.newBuilder().addAllPartitions(partitions))
            .build());
  }

  /** Says good-bye; the server ends the stream when the group has let the member go. */
  void leave() {
    request(ConsumeRequest.newBuilder().setLeave(LeaveGroup.getDefaultInstance()).build());
    if (requests != null) {
      requests.onCompleted();
    }
  }

  private void request(ConsumeRequest request) {
    if (requests != null) {
      requests.onNext(request);
    }
  }

  void cancel() {
    if (requests != null) {
      requests.cancel("the member goes on elsewhere", null);
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<ConsumeRequest> stream) {
    // Nothing to set: no events come this way, and what comes is small.
  }

  @Override
  public void onNext(ConsumeResponse response) {
    owner.onResponse(this, response);
  }

  @Override
  public void onError(Throwable thrown) {
    owner.onEnd(this, RefusalReader.read(thrown));
  }

  @Override
  public void onCompleted() {
    owner.onCompleted(
        this,
        RefusalReader.read(
            Status.UNAVAILABLE.withDescription("the server ended the stream"), null));
  }
}
