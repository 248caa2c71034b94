package io.flotilla.node.grpc.admin;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.ErrorCatalogue;
import io.flotilla.node.grpc.call.UnaryAnswer;
import io.flotilla.node.grpc.group.LocalCursors;
import io.flotilla.node.grpc.verify.ReplicaDigests;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.NodeIdentity;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.DescribeDiskRequest;
import io.flotilla.proto.internal.v1.DescribeReplicasRequest;
import io.flotilla.proto.internal.v1.DescribeReplicasResponse;
import io.flotilla.proto.internal.v1.DigestReplicaRequest;
import io.flotilla.proto.internal.v1.DigestReplicaResponse;
import io.flotilla.proto.internal.v1.HelloRequest;
import io.flotilla.proto.internal.v1.HelloResponse;
import io.flotilla.proto.internal.v1.NodeDisk;
import io.flotilla.proto.internal.v1.PeerServiceGrpc;
import io.flotilla.proto.internal.v1.ProposeMetadataRequest;
import io.flotilla.proto.internal.v1.ProposeMetadataResponse;
import io.flotilla.proto.internal.v1.ReadCursorsRequest;
import io.flotilla.proto.internal.v1.ReadCursorsResponse;
import io.flotilla.proto.internal.v1.RebuildReplicaRequest;
import io.flotilla.proto.internal.v1.RebuildReplicaResponse;
import io.flotilla.proto.internal.v1.StreamGroupRequest;
import io.flotilla.proto.internal.v1.StreamGroupResponse;
import io.flotilla.proto.internal.v1.UpdateCursorsRequest;
import io.flotilla.proto.internal.v1.UpdateCursorsResponse;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.types.v1.Retry;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The door for other nodes. Hello answers from the first moment. Runs on flotilla-call; safe. */
public final class PeerService extends PeerServiceGrpc.PeerServiceImplBase {

  private static final Logger LOG = LoggerFactory.getLogger(PeerService.class);

  private final Router router;
  private final Supplier<NodeIdentity> identity;
  private final CallThreads threads;
  private final ReplicaDigests digests;
  private final SelfPicture self;
  private final LocalCursors cursors;

  public PeerService(
      Router router,
      Supplier<NodeIdentity> identity,
      SelfPicture self,
      CallThreads threads,
      LocalCursors cursors) {
    this.cursors = cursors;
    this.router = router;
    this.identity = identity;
    this.threads = threads;
    this.self = self;
    this.digests = new ReplicaDigests(router, threads);
  }

  @Override
  public void hello(HelloRequest request, StreamObserver<HelloResponse> observer) {
    NodeIdentity known = identity.get();
    observer.onNext(
        HelloResponse.newBuilder()
            .setNodeId(known.nodeId())
            .setIncarnation(known.incarnation())
            .setClusterId(known.clusterId())
            .addAllFounders(known.founders())
            .setTimeUnixMs(self.clockMs())
            .setSettled(router.isSettled())
            .build());
    observer.onCompleted();
  }

  @Override
  public void proposeMetadata(
      ProposeMetadataRequest request, StreamObserver<ProposeMetadataResponse> observer) {
    MetadataCommand command;
    try {
      command = MetadataCommand.parseFrom(request.getCommand());
    } catch (InvalidProtocolBufferException e) {
      throw FlotillaException.invalid("command is not a MetadataCommand: " + e.getMessage());
    }
    if (command.getCommandCase() == MetadataCommand.CommandCase.COMMAND_NOT_SET) {
      throw FlotillaException.invalid("command is empty, or of a kind this node does not know");
    }
    var answer =
        router
            .proposeHere(command)
            .exceptionally(PeerService::refusal)
            .thenApply(
                outcome ->
                    ProposeMetadataResponse.newBuilder()
                        .setOutcome(outcome.toByteString())
                        .build());
    UnaryAnswer.answer(observer, answer, CallScope.current(), threads);
  }

  /** What the metadata refused is an outcome like any other; what may pass stays a failure. */
  private static MetadataOutcome refusal(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof FlotillaException e
        && ErrorCatalogue.retry(e.reason()) == Retry.RETRY_NEVER) {
      return MetadataOutcome.newBuilder()
          .setError(e.reason())
          .setMessage(String.valueOf(e.getMessage()))
          .build();
    }
    throw new CompletionException(cause);
  }

  @Override
  public void describeReplicas(
      DescribeReplicasRequest request, StreamObserver<DescribeReplicasResponse> observer) {
    observer.onNext(self.replicas());
    observer.onCompleted();
  }

  @Override
  public void describeDisk(DescribeDiskRequest request, StreamObserver<NodeDisk> observer) {
    observer.onNext(self.disk());
    observer.onCompleted();
  }

  @Override
  public void digestReplica(
      DigestReplicaRequest request, StreamObserver<DigestReplicaResponse> observer) {
    observer.onNext(digests.here(request));
    observer.onCompleted();
  }

  @Override
  public void rebuildReplica(
      RebuildReplicaRequest request, StreamObserver<RebuildReplicaResponse> observer) {
    PartitionId id = ReplicaDigests.id(request.getPartitionId());
    router.rebuild(id, request.getFromNodesList());
    LOG.error(
        "replica here is damaged and will be rebuilt partition={} offset={} what={} from={}",
        id,
        request.getBadOffset(),
        request.getWhy(),
        request.getFromNodesList());
    observer.onNext(RebuildReplicaResponse.getDefaultInstance());
    observer.onCompleted();
  }

  @Override
  public void updateCursors(
      UpdateCursorsRequest request, StreamObserver<UpdateCursorsResponse> observer) {
    UnaryAnswer.answer(observer, cursors.update(request), CallScope.current(), threads);
  }

  @Override
  public void readCursors(
      ReadCursorsRequest request, StreamObserver<ReadCursorsResponse> observer) {
    UnaryAnswer.answer(observer, cursors.read(request), CallScope.current(), threads);
  }

  @Override
  public void streamGroup(
      StreamGroupRequest request, StreamObserver<StreamGroupResponse> observer) {
    new GroupStreamCall(
            request,
            router.exports(),
            threads,
            (ServerCallStreamObserver<StreamGroupResponse>) observer)
        .begin();
  }
}
