package io.flotilla.node.grpc.group;

import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.UnaryAnswer;
import io.flotilla.proto.v1.CommitOffsetsRequest;
import io.flotilla.proto.v1.CommitOffsetsResponse;
import io.flotilla.proto.v1.ConsumeRequest;
import io.flotilla.proto.v1.ConsumeResponse;
import io.flotilla.proto.v1.FetchOffsetsRequest;
import io.flotilla.proto.v1.FetchOffsetsResponse;
import io.flotilla.proto.v1.GroupConsumerServiceGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** The door for members of consumer groups. Runs on flotilla-call; safe. */
public final class GroupConsumerService
    extends GroupConsumerServiceGrpc.GroupConsumerServiceImplBase {

  private final GroupContext context;
  private final OffsetCalls offsets;

  public GroupConsumerService(GroupContext context, OffsetCalls offsets) {
    this.context = context;
    this.offsets = offsets;
  }

  @Override
  public StreamObserver<ConsumeRequest> consume(StreamObserver<ConsumeResponse> observer) {
    return new ConsumeCall(
            context, CallScope.caller(), (ServerCallStreamObserver<ConsumeResponse>) observer)
        .begin();
  }

  @Override
  public void commitOffsets(
      CommitOffsetsRequest request, StreamObserver<CommitOffsetsResponse> observer) {
    CallScope scope = CallScope.current();
    UnaryAnswer.answer(observer, offsets.commit(request, scope), scope, context.threads());
  }

  @Override
  public void fetchOffsets(
      FetchOffsetsRequest request, StreamObserver<FetchOffsetsResponse> observer) {
    CallScope scope = CallScope.current();
    UnaryAnswer.answer(observer, offsets.fetch(request, scope), scope, context.threads());
  }
}
