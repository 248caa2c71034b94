package io.flotilla.client.toy;

import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.CommitOffsetsRequest;
import io.flotilla.proto.v1.CommitOffsetsResponse;
import io.flotilla.proto.v1.CommitResult;
import io.flotilla.proto.v1.CommittedOffset;
import io.flotilla.proto.v1.ConsumeRequest;
import io.flotilla.proto.v1.ConsumeResponse;
import io.flotilla.proto.v1.FetchOffsetsRequest;
import io.flotilla.proto.v1.FetchOffsetsResponse;
import io.flotilla.proto.v1.GoAway;
import io.flotilla.proto.v1.GroupConsumerServiceGrpc;
import io.flotilla.proto.v1.OffsetCommit;
import io.flotilla.proto.v1.Topic;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/** Sessions of members of {@link ToyGroup}s, which all nodes share, and their commits. */
final class ToyGroupService extends GroupConsumerServiceGrpc.GroupConsumerServiceImplBase {

  private final ToyNode node;
  private final ToyCluster cluster;

  ToyGroupService(ToyNode node) {
    this.node = node;
    this.cluster = node.cluster;
  }

  @Override
  public StreamObserver<ConsumeRequest> consume(StreamObserver<ConsumeResponse> observer) {
    return new Call((ServerCallStreamObserver<ConsumeResponse>) observer);
  }

  @Override
  public void commitOffsets(
      CommitOffsetsRequest request, StreamObserver<CommitOffsetsResponse> observer) {
    cluster.commits.incrementAndGet();
    CommitOffsetsResponse.Builder answer = CommitOffsetsResponse.newBuilder();
    for (OffsetCommit commit : request.getOffsetsList()) {
      answer.addResults(commit(cluster.group(request.getGroup()), commit));
    }
    observer.onNext(answer.build());
    observer.onCompleted();
  }

  private CommitResult commit(ToyGroup group, OffsetCommit commit) {
    Topic topic = cluster.topics.get(commit.getTopic());
    CommitResult.Builder result =
        CommitResult.newBuilder().setTopic(commit.getTopic()).setPartition(commit.getPartition());
    if (topic == null) {
      return result
          .setFailure(node.failure(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND, "no topic"))
          .build();
    }
    ToyGroup.Part part =
        new ToyGroup.Part(commit.getTopic(), topic.getTopicId(), commit.getPartition());
    ErrorReason refused = group.commit(part, commit.getGeneration(), commit.getOffset());
    return refused == null
        ? result.setCommittedOffset(group.committed.getOrDefault(part, 0L)).build()
        : result.setFailure(node.failure(refused, "refused: " + refused)).build();
  }

  @Override
  public void fetchOffsets(
      FetchOffsetsRequest request, StreamObserver<FetchOffsetsResponse> observer) {
    FetchOffsetsResponse.Builder answer = FetchOffsetsResponse.newBuilder();
    Topic topic = cluster.topics.get(request.getTopic());
    if (topic == null) {
      observer.onError(ToyNode.status(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND, "no topic"));
      return;
    }
    for (int p = 0; p < topic.getPartitionCount(); p++) {
      CommittedOffset.Builder one = CommittedOffset.newBuilder().setPartition(p);
      Long offset =
          cluster
              .group(request.getGroup())
              .committed
              .get(new ToyGroup.Part(topic.getName(), topic.getTopicId(), p));
      if (offset != null) {
        one.setOffset(offset).setCommittedUnixMs(1_000);
      }
      answer.addOffsets(one);
    }
    observer.onNext(answer.build());
    observer.onCompleted();
  }

  /** One stream. Guarded by itself, and never calls the group while it is. */
  private final class Call implements StreamObserver<ConsumeRequest>, ToyGroup.Session {
    private final ServerCallStreamObserver<ConsumeResponse> observer;
    private final Runnable cutter = this::cut;
    private final Runnable leaver = this::leave;
    private @Nullable ToyGroup group;
    private @Nullable String member;
    private boolean over;

    Call(ServerCallStreamObserver<ConsumeResponse> observer) {
      this.observer = observer;
      observer.setOnCancelHandler(this::away);
      node.streams.add(cutter);
      node.leavers.add(leaver);
    }

    @Override
    public void onNext(ConsumeRequest request) {
      if (request.hasJoin()) {
        group = cluster.group(request.getJoin().getGroup());
        member = group.join(request.getJoin(), this);
      } else if (group != null && member != null && request.hasRelease()) {
        group.release(member, request.getRelease().getPartitionsList());
      } else if (group != null && member != null && request.hasLeave()) {
        group.remove(member, session -> {});
      }
    }

    @Override
    public synchronized void send(ConsumeResponse response) {
      if (!over) {
        observer.onNext(response);
      }
    }

    @Override
    public synchronized void end(ErrorReason reason) {
      if (forget()) {
        observer.onError(ToyNode.status(reason, "over: " + reason));
      }
    }

    private void leave() {
      send(ConsumeResponse.newBuilder().setGoAway(GoAway.getDefaultInstance()).build());
    }

    private void cut() {
      if (forget()) {
        observer.onError(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
        disconnected();
      }
    }

    private void away() {
      if (forget()) {
        disconnected();
      }
    }

    private void disconnected() {
      if (group != null && member != null) {
        group.disconnected(member, this);
      }
    }

    private synchronized boolean forget() {
      boolean first = !over;
      over = true;
      node.streams.remove(cutter);
      node.leavers.remove(leaver);
      return first;
    }

    @Override
    public void onError(Throwable thrown) {
      away();
    }

    @Override
    public void onCompleted() {
      if (forget()) {
        observer.onCompleted();
        disconnected();
      }
    }
  }
}
