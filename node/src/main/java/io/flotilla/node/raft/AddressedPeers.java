package io.flotilla.node.raft;

import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;

/**
 * Lets a node answer under its own peer name only. Ratis 3.3.0 never compares the name that a
 * request is addressed to with the one that reads it, so a node with a new disk at an old address
 * would answer for the member that it replaces: take its entries, and count as alive in its place.
 *
 * <p>Also keeps a leader's question to a new member, whether it needs more than the log, until the
 * group is open: Ratis notes that the answer is under way before it finds the log not open yet, and
 * would say so for ever. Safe; runs on the thread that receives.
 */
final class AddressedPeers implements ServerInterceptor {

  private final ByteString self;

  private final Predicate<RaftGroupId> isOpen;

  /**
   * @param isOpen whether a group is open here, for certain
   */
  AddressedPeers(String peerId, Predicate<RaftGroupId> isOpen) {
    this.isOpen = isOpen;
    this.self = RaftPeerId.valueOf(peerId).toByteString();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return new Checked<>(next.startCall(call, headers), call, this::refusal);
  }

  /** Why a message is not taken; null when it is. */
  @Nullable Status refusal(Object message) {
    RaftRpcRequestProto request = request(message);
    if (request == null) {
      return null;
    }
    if (!request.getReplyId().equals(self)) {
      return Status.FAILED_PRECONDITION.withDescription(
          "addressed to a peer that is no more; its place has been taken");
    }
    RaftGroupId group = ProtoUtils.toRaftGroupId(request.getRaftGroupId());
    return message instanceof InstallSnapshotRequestProto && !isOpen.test(group)
        ? Status.UNAVAILABLE.withDescription("the group is being opened")
        : null;
  }

  private static @Nullable RaftRpcRequestProto request(Object message) {
    if (message instanceof AppendEntriesRequestProto append) {
      return append.getServerRequest();
    }
    if (message instanceof RequestVoteRequestProto vote) {
      return vote.getServerRequest();
    }
    if (message instanceof InstallSnapshotRequestProto snapshot) {
      return snapshot.getServerRequest();
    }
    if (message instanceof StartLeaderElectionRequestProto election) {
      return election.getServerRequest();
    }
    return message instanceof ReadIndexRequestProto read ? read.getServerRequest() : null;
  }

  /** Refuses the call at the first message for somebody else, and hands on nothing after it. */
  private static final class Checked<Q, A> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, A> call;
    private final Function<Object, @Nullable Status> refusal;
    private boolean refused;

    Checked(
        ServerCall.Listener<Q> next,
        ServerCall<Q, A> call,
        Function<Object, @Nullable Status> refusal) {
      super(next);
      this.call = call;
      this.refusal = refusal;
    }

    @Override
    public void onMessage(Q message) {
      if (refused) {
        return;
      }
      Status why = refusal.apply(message);
      if (why == null) {
        super.onMessage(message);
        return;
      }
      refused = true;
      call.close(why, new Metadata());
      super.onCancel();
    }

    @Override
    public void onHalfClose() {
      if (!refused) {
        super.onHalfClose();
      }
    }

    @Override
    public void onCancel() {
      if (!refused) {
        super.onCancel();
      }
    }

    @Override
    public void onComplete() {
      if (!refused) {
        super.onComplete();
      }
    }

    @Override
    public void onReady() {
      if (!refused) {
        super.onReady();
      }
    }
  }
}
