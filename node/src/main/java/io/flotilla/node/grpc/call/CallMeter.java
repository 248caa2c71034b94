package io.flotilla.node.grpc.call;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.flotilla.node.metrics.RequestMeters;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts every call once, by how it ends, what the gate refuses included: the outermost of the
 * interceptors. Runs on the call's thread; safe.
 */
public final class CallMeter implements ServerInterceptor {

  private final RequestMeters meters;

  public CallMeter(RequestMeters meters) {
    this.meters = meters;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    Counted<ReqT, RespT> counted =
        new Counted<>(call, meters.rpc(call.getMethodDescriptor().getFullMethodName()));
    return new SimpleForwardingServerCallListener<>(next.startCall(counted, headers)) {
      @Override
      public void onCancel() {
        counted.over(Status.Code.CANCELLED.name());
        super.onCancel();
      }
    };
  }

  /** The reason of our catalogue, or gRPC's code where there is none. */
  private static String reason(Status status, Metadata trailers) {
    com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
    try {
      for (Any detail : details.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          return detail.unpack(ErrorInfo.class).getReason();
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a status of this node cannot be read", e);
    }
    return status.getCode().name();
  }

  private static final class Counted<ReqT, RespT> extends SimpleForwardingServerCall<ReqT, RespT> {

    private final RequestMeters.Rpc rpc;
    private final boolean unary;
    private final long begin = System.nanoTime();
    private final AtomicBoolean over = new AtomicBoolean();

    Counted(ServerCall<ReqT, RespT> call, RequestMeters.Rpc rpc) {
      super(call);
      this.rpc = rpc;
      this.unary = call.getMethodDescriptor().getType() == MethodType.UNARY;
      if (!unary) {
        rpc.opened();
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      over(status.isOk() ? RequestMeters.OK : reason(status, trailers));
      super.close(status, trailers);
    }

    void over(String reason) {
      if (over.compareAndSet(false, true)) {
        rpc.ended(reason);
        if (unary) {
          rpc.took(System.nanoTime() - begin);
        } else {
          rpc.closed();
        }
      }
    }
  }
}
