package io.flotilla.node.grpc;

import io.grpc.BindableService;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What {@code grpc.health.v1.Health} says, of each service by its full name and of the node by the
 * empty one: SERVING from when the node knows the cluster and takes calls until it leaves or meets
 * a fault after which it must not go on. Safe.
 */
public final class ServiceHealth {

  /** The same as the empty name, for who asks by a name. */
  public static final String READY = "flotilla.ready";

  private final HealthStatusManager health = new HealthStatusManager();
  private final Set<Watched<?, ?>> watched = ConcurrentHashMap.newKeySet();
  private final List<String> names = new ArrayList<>(); // guarded by this
  private boolean over; // guarded by this

  public ServiceHealth() {
    add(HealthStatusManager.SERVICE_NAME_ALL_SERVICES);
    add(READY);
  }

  /** Speaks of this service, too. Before the node listens. */
  synchronized void add(String service) {
    names.add(service);
    health.setStatus(service, ServingStatus.NOT_SERVING);
  }

  /** The service that tells. */
  ServerServiceDefinition service() {
    BindableService answers = health.getHealthService();
    return ServerInterceptors.intercept(answers, new Watches());
  }

  /** Whether the node takes calls. After {@link #end} it never does again. */
  synchronized void serving(boolean serves) { // guards the order of what is told
    ServingStatus status = serves && !over ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    names.forEach(name -> health.setStatus(name, status));
  }

  /** The node must not go on, or leaves: nothing is served, for good. Done already: nothing. */
  public synchronized void end() { // guards over
    if (!over) {
      over = true;
      health.enterTerminalState(); // A second time it would print a stack trace.
    }
  }

  /** Whoever watches has been told: their streams end, which would hold up the node's own end. */
  void endWatches() {
    watched.forEach(
        call -> call.close(Status.UNAVAILABLE.withDescription("the node leaves"), new Metadata()));
  }

  /** Knows the streams that never end by themselves. */
  private final class Watches implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      if (call.getMethodDescriptor().getType().serverSendsOneMessage()) {
        return next.startCall(call, headers);
      }
      Watched<Q, A> stream = new Watched<>(call);
      watched.add(stream);
      return new SimpleForwardingServerCallListener<>(next.startCall(stream, headers)) {
        @Override
        public void onCancel() {
          watched.remove(stream);
          super.onCancel();
        }

        @Override
        public void onComplete() {
          watched.remove(stream);
          super.onComplete();
        }
      };
    }
  }

  /** A call that is ended from another thread than the one that answers. */
  private static final class Watched<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private boolean closed; // guarded by this

    Watched(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public synchronized void sendMessage(A message) { // guards closed
      if (!closed) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) { // guards closed
      if (!closed) {
        closed = true;
        super.close(status, trailers);
      }
    }
  }
}
