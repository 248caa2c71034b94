package io.flotilla.node.router;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A shared connection to each other node's client port, and a few for the sessions of members,
 * which are many and long. Safe.
 */
public final class PeerChannels implements AutoCloseable {

  private static final long KEEP_ALIVE_SECONDS = 10;
  private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 5;

  /** A connection carries so many calls (grpc.calls-per-connection-max); a node more sessions. */
  private static final int SESSION_LANES = 8;

  private final int messageBytesMax;
  private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

  private volatile boolean closed;

  public PeerChannels(int messageBytesMax) {
    this.messageBytesMax = messageBytesMax;
  }

  /** The channel to an address; connects when first used. */
  public ManagedChannel to(String host, int port) {
    return channel(host + ":" + port, host, port);
  }

  /** One of the channels for sessions; the same key has the same one. */
  ManagedChannel forSession(String host, int port, String key) {
    int lane = Math.floorMod(key.hashCode(), SESSION_LANES);
    return channel(host + ":" + port + "/" + lane, host, port);
  }

  private ManagedChannel channel(String key, String host, int port) {
    ManagedChannel channel = channels.computeIfAbsent(key, missing -> open(host, port));
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      // Who asks again pauses by itself; gRPC's own pause would grow to two minutes, and a node
      // that is back would be called lost for as long.
      channel.resetConnectBackoff();
    }
    return channel;
  }

  private ManagedChannel open(String host, int port) {
    return NettyChannelBuilder.forAddress(host, port)
        .usePlaintext()
        .maxInboundMessageSize(messageBytesMax)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .build();
  }

  /** Nobody is to be called any more. */
  boolean closed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    channels.values().forEach(ManagedChannel::shutdownNow);
  }
}
