package io.flotilla.node.grpc.call;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets bytes that are no request reach the {@link FaultBarrier} as null, which refuses them with
 * INVALID_ARGUMENT. By itself gRPC would end such a call as UNKNOWN, as if the node had failed.
 * Stateless.
 */
public final class Parsing {

  private static final Logger LOG = LoggerFactory.getLogger(Parsing.class);

  /** Why the message that this thread was handed last did not parse: read right after. */
  private static final ThreadLocal<@Nullable Status> FAULT = new ThreadLocal<>();

  private Parsing() {}

  /** How to end the call whose message has just come as null on this thread. */
  static Status refusal() {
    Status fault = FAULT.get();
    FAULT.remove();
    return fault != null && fault.getCode() == Status.Code.RESOURCE_EXHAUSTED
        ? fault // Larger than allowed once it is decompressed.
        : Status.INVALID_ARGUMENT;
  }

  /** The same service; its handlers must be behind a barrier. */
  public static ServerServiceDefinition guarded(ServerServiceDefinition service) {
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName())
            .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
    for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
      ServerMethodDefinition<?, ?> guarded = guarded(method);
      methods.add(guarded);
      descriptor.addMethod(guarded.getMethodDescriptor());
    }
    ServerServiceDefinition.Builder result = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(result::addMethod);
    return result.build();
  }

  private static <Q, A> ServerMethodDefinition<Q, A> guarded(ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> before = method.getMethodDescriptor();
    MethodDescriptor<Q, A> after =
        before.toBuilder(
                new Requests<>(before.getRequestMarshaller()), before.getResponseMarshaller())
            .build();
    ServerCallHandler<Q, A> handler = method.getServerCallHandler();
    return ServerMethodDefinition.create(after, handler);
  }

  private static final class Requests<Q> implements Marshaller<@Nullable Q> {

    private final Marshaller<Q> marshaller;

    Requests(Marshaller<Q> marshaller) {
      this.marshaller = marshaller;
    }

    @Override
    public InputStream stream(@Nullable Q request) {
      if (request == null) {
        throw new IllegalArgumentException("a request that did not parse cannot be sent");
      }
      return marshaller.stream(request);
    }

    @Override
    public @Nullable Q parse(InputStream stream) {
      try {
        return marshaller.parse(stream);
      } catch (StatusRuntimeException e) {
        LOG.debug("a request does not parse", e);
        FAULT.set(e.getStatus());
        return null;
      }
    }
  }
}
