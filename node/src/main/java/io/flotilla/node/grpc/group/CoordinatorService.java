package io.flotilla.node.grpc.group;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.coordinator.CoordinatorSet;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.OpenStreams;
import io.flotilla.node.grpc.call.UnaryAnswer;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.internal.v1.CoordinatorServiceGrpc;
import io.flotilla.proto.internal.v1.OpenSessionRequest;
import io.flotilla.proto.internal.v1.OpenSessionResponse;
import io.flotilla.proto.internal.v1.ProposeGroupRequest;
import io.flotilla.proto.internal.v1.ProposeGroupResponse;
import io.flotilla.proto.internal.v1.ReadGroupsRequest;
import io.flotilla.proto.internal.v1.ReadGroupsResponse;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** The door to the coordinators on this node, for other nodes. Runs on flotilla-call; safe. */
public final class CoordinatorService extends CoordinatorServiceGrpc.CoordinatorServiceImplBase {

  private final CoordinatorSet coordinators;
  private final CallThreads threads;
  private final OpenStreams streams;

  public CoordinatorService(CoordinatorSet coordinators, CallThreads threads, OpenStreams streams) {
    this.streams = streams;
    this.coordinators = coordinators;
    this.threads = threads;
  }

  @Override
  public StreamObserver<OpenSessionRequest> openSession(
      StreamObserver<OpenSessionResponse> observer) {
    return new SessionCall(
            coordinators,
            threads,
            streams,
            (ServerCallStreamObserver<OpenSessionResponse>) observer)
        .begin();
  }

  @Override
  public void proposeGroup(
      ProposeGroupRequest request, StreamObserver<ProposeGroupResponse> observer) {
    var answer =
        coordinators
            .propose(command(request))
            .thenApply(
                outcome ->
                    ProposeGroupResponse.newBuilder().setOutcome(outcome.toByteString()).build());
    UnaryAnswer.answer(observer, answer, CallScope.current(), threads);
  }

  private static ConsumerGroupCommand command(ProposeGroupRequest request) {
    try {
      ConsumerGroupCommand command = ConsumerGroupCommand.parseFrom(request.getCommand());
      if (command.getCommandCase() != ConsumerGroupCommand.CommandCase.COMMAND_NOT_SET) {
        return command;
      }
    } catch (InvalidProtocolBufferException e) {
      throw FlotillaException.invalid("command is not a ConsumerGroupCommand: " + e.getMessage());
    }
    throw FlotillaException.invalid("command is empty, or of a kind this node does not know");
  }

  @Override
  public void readGroups(ReadGroupsRequest request, StreamObserver<ReadGroupsResponse> observer) {
    var answer =
        coordinators
            .read(request)
            .thenApply(groups -> ReadGroupsResponse.newBuilder().addAllGroups(groups).build());
    UnaryAnswer.answer(observer, answer, CallScope.current(), threads);
  }
}
