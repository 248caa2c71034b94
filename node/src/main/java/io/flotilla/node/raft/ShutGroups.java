package io.flotilla.node.raft;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;

/**
 * Keeps peers away from groups that are being closed or opened. In Ratis 3.3.0 an append that
 * reaches a group while it starts makes the start fail, after which nobody owns what was started. A
 * call is broken off; the peer calls again. Safe; runs on the transport's threads.
 */
final class ShutGroups implements ServerInterceptor {

  private final Set<RaftGroupId> shut = ConcurrentHashMap.newKeySet();

  void shut(RaftGroupId group) {
    shut.add(group);
  }

  void open(RaftGroupId group) {
    shut.remove(group);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    ServerCall.Listener<Q> handler = next.startCall(call, headers);
    return new SimpleForwardingServerCallListener<>(handler) {
      private boolean broken;

      @Override
      public void onMessage(Q message) {
        if (!broken && isShut(message)) {
          broken = true;
          call.close(
              Status.UNAVAILABLE.withDescription("the group is being opened"), new Metadata());
          handler.onCancel(); // As if the connection had broken.
        } else if (!broken) {
          super.onMessage(message);
        }
      }

      @Override
      public void onHalfClose() {
        if (!broken) {
          super.onHalfClose();
        }
      }

      @Override
      public void onReady() {
        if (!broken) {
          super.onReady();
        }
      }

      @Override
      public void onCancel() {
        if (!broken) {
          super.onCancel();
        }
      }

      @Override
      public void onComplete() {
        if (!broken) {
          super.onComplete();
        }
      }
    };
  }

  private boolean isShut(Object message) {
    RaftRpcRequestProto request = shut.isEmpty() ? null : request(message);
    return request != null && shut.contains(ProtoUtils.toRaftGroupId(request.getRaftGroupId()));
  }

  private static @Nullable RaftRpcRequestProto request(Object message) {
    if (message instanceof AppendEntriesRequestProto append) {
      return append.getServerRequest();
    } else if (message instanceof RequestVoteRequestProto vote) {
      return vote.getServerRequest();
    } else if (message instanceof InstallSnapshotRequestProto install) {
      return install.getServerRequest();
    } else if (message instanceof ReadIndexRequestProto read) {
      return read.getServerRequest();
    } else if (message instanceof StartLeaderElectionRequestProto election) {
      return election.getServerRequest();
    }
    return null;
  }
}
