package io.flotilla.node.raft;

import java.util.function.ToLongFunction;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.util.ProtoUtils;

/**
 * Lets a follower confirm only what its Raft log has flushed. Ratis 3.3.0 answers an append of
 * entries that it is still writing, sent again after a broken connection, as if they were on disk;
 * the leader would count them for a majority. Such an answer leaves as INCONSISTENCY instead: "go
 * on after what I have", and the leader sends them once more. Safe; runs on the thread that
 * answers.
 */
final class FlushedReplies implements ServerInterceptor {

  /** The index up to which a group's log is on disk; negative when the group is not open here. */
  private final ToLongFunction<RaftGroupId> flushed;

  FlushedReplies(ToLongFunction<RaftGroupId> flushed) {
    this.flushed = flushed;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          @SuppressWarnings("unchecked") // The same message with other values.
          public void sendMessage(A message) {
            super.sendMessage(
                message instanceof AppendEntriesReplyProto reply ? (A) honest(reply) : message);
          }
        },
        headers);
  }

  AppendEntriesReplyProto honest(AppendEntriesReplyProto reply) {
    if (reply.getResult() != AppendResult.SUCCESS || reply.getIsHearbeat()) {
      return reply;
    }
    RaftGroupId group = ProtoUtils.toRaftGroupId(reply.getServerReply().getRaftGroupId());
    long onDisk = flushed.applyAsLong(group);
    if (reply.getMatchIndex() <= onDisk) {
      return reply;
    }
    return reply.toBuilder()
        .setResult(AppendResult.INCONSISTENCY)
        .setNextIndex(onDisk + 1)
        .setMatchIndex(RaftLog.INVALID_LOG_INDEX)
        .build();
  }
}
