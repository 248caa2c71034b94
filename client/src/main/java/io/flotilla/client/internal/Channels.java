package io.flotilla.client.internal;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * HTTP/2 connections to each node, opened on first use and shared by everything the client does:
 * one, and another for each {@link #CALLS_PER_CONNECTION} calls that are open at once, since a node
 * lets only so many of them run on a connection, and the rest would wait for streams that never
 * end. Safe for many threads.
 */
final class Channels implements AutoCloseable {

  /** Larger answers than this are refused; batches of a cluster are far smaller. */
  static final int INBOUND_BYTES_MAX = 16 << 20;

  /** Far below what nodes allow, grpc.calls-per-connection-max, unless that is set very low. */
  static final int CALLS_PER_CONNECTION = 100;

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
  private final Map<Address, Pool> pools = new HashMap<>();
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
    return ClientInterceptors.intercept(pool(route.address()), route.direct() ? direct : proxied);
  }

  // synchronized: guards pools and closed
  private synchronized Pool pool(Address address) {
    if (closed) {
      throw new IllegalStateException("the client is closed");
    }
    return pools.computeIfAbsent(address, Pool::new);
  }

  /** Ends connections to nodes that are no longer part of the cluster. */
  synchronized void retain(Set<Address> wanted) {
    pools
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !wanted.contains(entry.getKey());
              if (gone) {
                entry.getValue().all().forEach(ManagedChannel::shutdown);
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
    List<ManagedChannel> channels =
        pools.values().stream().flatMap(pool -> pool.all().stream()).toList();
    channels.forEach(ManagedChannel::shutdownNow);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MS_MAX);
    try {
      for (ManagedChannel channel : channels) {
        channel.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      loops
          .shutdownGracefully(0, CLOSE_MS_MAX, TimeUnit.MILLISECONDS)
          .await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      var unused = loops.shutdownGracefully(0, CLOSE_MS_MAX, TimeUnit.MILLISECONDS);
      Thread.currentThread().interrupt();
    }
    pools.clear();
  }

  /** A connection, and how many calls are open on it. */
  private record Connection(ManagedChannel channel, AtomicInteger calls) {}

  /** All connections to a node, seen as one. */
  private final class Pool extends Channel {
    private final Address address;
    private final List<Connection> connections = new ArrayList<>(); // guarded by this

    Pool(Address address) {
      this.address = address;
    }

    synchronized List<ManagedChannel> all() {
      return connections.stream().map(Connection::channel).toList();
    }

    /** The first with room; kept, for who had many calls open will have them again. */
    private synchronized Connection pick() {
      for (Connection connection : connections) {
        if (connection.calls().get() < CALLS_PER_CONNECTION) {
          return connection;
        }
      }
      Connection another = new Connection(open(address), new AtomicInteger());
      connections.add(another);
      return another;
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
      Connection connection = pick();
      ManagedChannel channel = connection.channel();
      if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
        // The pause between attempts is ours; gRPC's own would grow to two minutes.
        channel.resetConnectBackoff();
      }
      return new SimpleForwardingClientCall<>(channel.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          connection.calls().incrementAndGet();
          super.start(
              new SimpleForwardingClientCallListener<>(listener) {
                @Override
                public void onClose(Status status, Metadata trailers) {
                  connection.calls().decrementAndGet();
                  super.onClose(status, trailers);
                }
              },
              headers);
        }
      };
    }

    @Override
    public String authority() {
      return address.toString();
    }
  }
}
