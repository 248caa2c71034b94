package io.flotilla.client.toy;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Failure;
import io.flotilla.proto.types.v1.Options;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One server of a {@link ToyCluster} on a port of its own, which it keeps when started again. */
public final class ToyNode {

  private static final Metadata.Key<String> ROUTE =
      Metadata.Key.of("flotilla-route", Metadata.ASCII_STRING_MARSHALLER);
  static final Context.Key<Boolean> DIRECT = Context.key("direct");

  final ToyCluster cluster;
  final int id;
  final Set<Runnable> streams = ConcurrentHashMap.newKeySet();
  final Set<Runnable> leavers = ConcurrentHashMap.newKeySet();
  private int port;
  private @Nullable Server server;

  ToyNode(ToyCluster cluster, int id) {
    this.cluster = cluster;
    this.id = id;
    start();
  }

  public int port() {
    return port;
  }

  public synchronized void start() {
    try {
      Server fresh =
          NettyServerBuilder.forPort(port)
              .addService(new ToyProducerService(this))
              .addService(new ToyConsumerService(this))
              .addService(new ToyAdminService(cluster))
              .addService(new ToyGroupService(this))
              .addService(new ToyGroupAdminService(cluster))
              .addService(new ToyClusterService(cluster))
              .intercept(new RouteReader())
              .build()
              .start();
      port = fresh.getPort();
      server = fresh;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public synchronized void stop() {
    Server running = server;
    if (running != null) {
      running.shutdownNow();
      try {
        running.awaitTermination();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      server = null;
    }
  }

  /** Ends every stream as a lost connection would. */
  public void cutStreams() {
    streams.forEach(Runnable::run);
  }

  /** Asks every stream to go elsewhere. */
  public void sayGoAway() {
    leavers.forEach(Runnable::run);
  }

  Failure failure(ErrorReason reason, String message) {
    Failure.Builder failure =
        Failure.newBuilder()
            .setReason(reason)
            .setCode(reason.getValueDescriptor().getOptions().getExtension(Options.error).getCode())
            .setMessage(message);
    if (reason == ErrorReason.ERROR_REASON_NOT_LEADER) {
      failure.setLeader(cluster.leaderHint());
    }
    return failure.build();
  }

  static StatusRuntimeException status(ErrorReason reason, String message) {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(reason.getValueDescriptor().getOptions().getExtension(Options.error).getCode())
            .setMessage(message)
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setDomain("flotilla")
                        .setReason(reason.name().substring("ERROR_REASON_".length()))
                        .putMetadata("where", "toy")
                        .build()))
            .build());
  }

  /** Remembers whether the caller wants no forwarding. */
  private final class RouteReader implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      boolean direct = "direct".equals(headers.get(ROUTE));
      (direct ? cluster.direct : cluster.proxied).incrementAndGet();
      return Contexts.interceptCall(
          Context.current().withValue(DIRECT, direct), call, headers, next);
    }
  }
}
