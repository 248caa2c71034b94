package io.flotilla.node.grpc.call;

import io.flotilla.node.model.FlotillaException;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Turns everything that a service throws, or passes to {@code onError}, into a status with details:
 * the one way out for errors, so services may hand over exceptions as they are. A call is closed
 * once, whoever comes first. Runs on the call's thread. Safe.
 */
public final class FaultBarrier implements ServerInterceptor {

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    ClosedOnce<ReqT, RespT> guarded = new ClosedOnce<>(call);
    try {
      return new Listener<>(guarded, next.startCall(guarded, headers));
    } catch (RuntimeException e) {
      guarded.fail(e);
      return new ServerCall.Listener<>() {};
    }
  }

  private static final class ClosedOnce<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {

    private final AtomicBoolean closed = new AtomicBoolean();

    ClosedOnce(ServerCall<ReqT, RespT> call) {
      super(call);
    }

    void fail(Throwable thrown) {
      if (closed.compareAndSet(false, true)) {
        StatusRuntimeException refused = StatusMapper.toStatus(StatusMapper.refusal(thrown));
        Metadata trailers = refused.getTrailers();
        super.close(refused.getStatus(), trailers != null ? trailers : new Metadata());
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      Throwable cause = status.getCause();
      if (status.getCode() == Status.Code.UNKNOWN && cause != null) {
        fail(cause);
      } else if (closed.compareAndSet(false, true)) {
        super.close(status, trailers);
      }
    }
  }

  private static final class Listener<ReqT, RespT>
      extends SimpleForwardingServerCallListener<ReqT> {

    private final ClosedOnce<ReqT, RespT> call;

    Listener(ClosedOnce<ReqT, RespT> call, ServerCall.Listener<ReqT> to) {
      super(to);
      this.call = call;
    }

    @Override
    public void onMessage(@Nullable ReqT message) {
      if (message == null) {
        Status refusal = Parsing.refusal();
        if (refusal.getCode() == Status.Code.INVALID_ARGUMENT) {
          call.fail(FlotillaException.invalid("the request is not a message of the protocol"));
        } else {
          call.close(refusal, new Metadata());
        }
      } else {
        guard(() -> super.onMessage(message));
      }
    }

    @Override
    public void onHalfClose() {
      guard(super::onHalfClose);
    }

    @Override
    public void onReady() {
      guard(super::onReady);
    }

    @Override
    public void onCancel() {
      guard(super::onCancel);
    }

    @Override
    public void onComplete() {
      guard(super::onComplete);
    }

    private void guard(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        call.fail(e);
      }
    }
  }
}
