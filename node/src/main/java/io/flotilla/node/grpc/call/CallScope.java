package io.flotilla.node.grpc.call;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.trace.TraceContext;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a call said beside its request: whether it may be forwarded, and until when it must be
 * answered. Immutable; travels in the gRPC context from the gate to the service.
 *
 * @param direct this node must answer itself or refuse with a leader hint
 * @param deadline when the caller stops waiting; for a stream without one, far away
 * @param alone this node has lost contact with the cluster: waiting is of no use
 * @param trace in whose trace it is; null: in none
 */
public record CallScope(
    boolean direct, Deadline deadline, BooleanSupplier alone, @Nullable TraceContext trace) {

  /** {@code direct} or {@code any}; absent = any. */
  public static final Metadata.Key<String> ROUTE =
      Metadata.Key.of("flotilla-route", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> TRACE_PARENT =
      Metadata.Key.of(TraceContext.PARENT, Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> TRACE_STATE =
      Metadata.Key.of(TraceContext.STATE, Metadata.ASCII_STRING_MARSHALLER);

  static final Context.Key<CallScope> KEY = Context.key("flotilla-call-scope");

  static final Context.Key<String> CALLER = Context.key("flotilla-caller");

  private static final Duration FAR = Duration.ofDays(365);
  // Answers must still travel: what would end at the deadline itself is never heard.
  private static final long MARGIN_MS_MAX = 200;

  /** The scope of the call that runs on this thread. */
  public static CallScope current() {
    CallScope scope = KEY.get();
    return scope != null ? scope : of(far());
  }

  /** Of something that this node does by itself. */
  public static CallScope of(Deadline deadline) {
    return new CallScope(false, deadline, () -> false, null);
  }

  /** Where the call that runs on this thread comes from, as far as this node can see. */
  public static String caller() {
    String caller = CALLER.get();
    return caller != null ? caller : "";
  }

  static Deadline far() {
    return Deadline.after(FAR.toSeconds(), TimeUnit.SECONDS);
  }

  static boolean direct(Metadata headers) {
    String route = headers.get(ROUTE);
    if (route == null || route.equals("any")) {
      return false;
    }
    if (route.equals("direct")) {
      return true;
    }
    throw FlotillaException.invalid("metadata flotilla-route must be \"direct\" or \"any\"");
  }

  static @Nullable TraceContext trace(Metadata headers) {
    String parent = headers.get(TRACE_PARENT);
    return parent == null ? null : TraceContext.parse(parent, headers.get(TRACE_STATE));
  }

  /** The stub, with what it is asked for in the trace. */
  public static <S extends AbstractStub<S>> S traced(S stub, @Nullable TraceContext trace) {
    if (trace == null) {
      return stub;
    }
    Metadata headers = new Metadata();
    headers.put(TRACE_PARENT, trace.header());
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** Time left in which an answer can still be heard. */
  public Duration left() {
    long ms = deadline.timeRemaining(TimeUnit.MILLISECONDS);
    return Duration.ofMillis(Math.max(0, ms - Math.min(MARGIN_MS_MAX, ms / 10)));
  }

  /**
   * The same, for what this node must find out elsewhere to answer, within at most the given time.
   */
  public CallScope asking(Duration atMost) {
    return new CallScope(
        false,
        deadline.minimum(Deadline.after(atMost.toMillis(), TimeUnit.MILLISECONDS)),
        alone,
        trace);
  }

  /** The stub with this scope's deadline, asking the other node to answer itself. */
  public <S extends AbstractStub<S>> S toPeer(S stub) {
    return direct(stub).withDeadline(deadline);
  }

  /** The stub, asking the other node to answer itself. */
  public static <S extends AbstractStub<S>> S direct(S stub) {
    Metadata headers = new Metadata();
    headers.put(ROUTE, "direct");
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }
}
