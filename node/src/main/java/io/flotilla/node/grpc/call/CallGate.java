package io.flotilla.node.grpc.call;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.ErrorReason;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The first thing a call meets: refuses what this node cannot take now (too many calls, not
 * started, shutting down, no time left) without reading the request, and puts the {@link CallScope}
 * into the context. Runs on flotilla-call, or on an event loop for calls that were turned away.
 * Safe.
 */
public final class CallGate implements ServerInterceptor {

  // Between nodes: what has to work before a cluster is formed, and until a node has left it.
  private static final String PEERS = "flotilla.internal.v1.PeerService";
  private static final Duration TURNED_AWAY_WAIT = Duration.ofMillis(200);

  private final Duration deadlineDefault;
  private final BooleanSupplier started;
  private final BooleanSupplier leaving;
  private final BooleanSupplier alone;

  /**
   * @param started the cluster's metadata is known
   * @param leaving the node is shutting down
   * @param alone it has lost contact with the cluster
   */
  public CallGate(
      Duration deadlineDefault,
      BooleanSupplier started,
      BooleanSupplier leaving,
      BooleanSupplier alone) {
    this.deadlineDefault = deadlineDefault;
    this.started = started;
    this.leaving = leaving;
    this.alone = alone;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    CallScope scope;
    try {
      scope = admit(call, headers);
    } catch (FlotillaException refusal) {
      var status = StatusMapper.toStatus(refusal);
      Metadata trailers = status.getTrailers();
      call.close(status.getStatus(), trailers != null ? trailers : new Metadata());
      return new ServerCall.Listener<>() {};
    }
    return Contexts.interceptCall(
        Context.current().withValues(CallScope.KEY, scope, CallScope.CALLER, caller(call)),
        call,
        headers,
        next);
  }

  private static String caller(ServerCall<?, ?> call) {
    return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress at
        ? at.getHostString()
        : "";
  }

  private CallScope admit(ServerCall<?, ?> call, Metadata headers) {
    if (headers.containsKey(CallThreads.TURNED_AWAY)) {
      throw FlotillaException.throttled(
          "too many calls wait for a thread of this node", TURNED_AWAY_WAIT);
    }
    boolean peer = PEERS.equals(call.getMethodDescriptor().getServiceName());
    if (leaving.getAsBoolean() && !peer) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_SHUTTING_DOWN, "the node is shutting down");
    }
    if (!started.getAsBoolean() && !peer) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_STARTING,
          "the node is starting and does not know the cluster yet");
    }
    Deadline deadline = deadline(call);
    if (deadline.isExpired()) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED,
          "the deadline had passed when the call arrived; nothing was done");
    }
    return new CallScope(CallScope.direct(headers), deadline, alone, CallScope.trace(headers));
  }

  private Deadline deadline(ServerCall<?, ?> call) {
    Deadline given = Context.current().getDeadline();
    if (given != null) {
      return given;
    }
    return call.getMethodDescriptor().getType() == MethodType.UNARY
        ? Deadline.after(deadlineDefault.toMillis(), TimeUnit.MILLISECONDS)
        : CallScope.far();
  }
}
