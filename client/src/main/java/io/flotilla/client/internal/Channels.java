package io.flotilla.client.internal;

import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.stub.MetadataUtils;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * One HTTP/2 connection to each node, opened on first use and shared by everything the client does.
 * Safe for many threads.
 */
final class Channels implements AutoCloseable {

  /** Larger answers than this are refused; batches of a cluster are far smaller. */
  static final int INBOUND_BYTES_MAX = 16 << 20;

  /** A host that swallows connection attempts is given up after this. */
  static final int CONNECT_TIMEOUT_MS = 3_000;

  private static final int CLOSE_MS_MAX = 500;
  private static final int KEEPALIVE_SECONDS = 10;
  private static final int KEEPALIVE_TIMEOUT_SECONDS = 5;

  private static final Metadata.Key<String> CLIENT =
      Metadata.Key.of("flotilla-client", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> ROUTE =
      Metadata.Key.of("flotilla-route", Metadata.ASCII_STRING_MARSHALLER);

  private final ClientInterceptor proxied;
  private final ClientInterceptor direct;
  private final EventLoopGroup loops;
  private final Class<? extends io.grpc.netty.shaded.io.netty.channel.Channel> socketType;
  private final Map<Address, ManagedChannel> channels = new HashMap<>();
  private boolean closed;

  Channels(String clientHeader) {
    Metadata headers = new Metadata();
    headers.put(CLIENT, clientHeader);
    this.proxied = MetadataUtils.newAttachHeadersInterceptor(headers);
    Metadata withRoute = new Metadata();
    withRoute.merge(headers);
    withRoute.put(ROUTE, "direct");
    this.direct = MetadataUtils.newAttachHeadersInterceptor(withRoute);
    // Our own, to be gone when the client is closed: the loops that all gRPC channels share linger
    // for a second, and a JVM that exits waits 300 ms for threads that wait for the network.
    ThreadFactory threads = new DefaultThreadFactory("flotilla-client-io", true);
    this.loops =
        new MultiThreadIoEventLoopGroup(
            threads, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    this.socketType = Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /** The way there. */
  Channel to(Route route) {
    ManagedChannel channel = channel(route.address());
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      // The pause between attempts is ours; gRPC's own would grow to two minutes.
      channel.resetConnectBackoff();
    }
    return ClientInterceptors.intercept(channel, route.direct() ? direct : proxied);
  }

  // synchronized: guards channels and closed
  private synchronized ManagedChannel channel(Address address) {
    if (closed) {
      throw new IllegalStateException("the client is closed");
    }
    return channels.computeIfAbsent(address, this::open);
  }

  /** Ends connections to nodes that are no longer part of the cluster. */
  synchronized void retain(Set<Address> wanted) {
    channels
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !wanted.contains(entry.getKey());
              if (gone) {
                entry.getValue().shutdown();
              }
              return gone;
            });
  }

  private ManagedChannel open(Address address) {
    return NettyChannelBuilder.forAddress(address.host(), address.port())
        .eventLoopGroup(loops)
        .channelType(socketType)
        .usePlaintext()
        .maxInboundMessageSize(INBOUND_BYTES_MAX)
        .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
        .disableRetry()
        .build();
  }

  /** Waits, not for long, until the connections' threads are gone. */
  @Override
  public synchronized void close() {
    closed = true;
    channels.values().forEach(ManagedChannel::shutdownNow);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MS_MAX);
    try {
      for (ManagedChannel channel : channels.values()) {
        channel.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      loops
          .shutdownGracefully(0, CLOSE_MS_MAX, TimeUnit.MILLISECONDS)
          .await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      var unused = loops.shutdownGracefully(0, CLOSE_MS_MAX, TimeUnit.MILLISECONDS);
      Thread.currentThread().interrupt();
    }
    channels.clear();
  }
}
