package io.flotilla.node.grpc.publish;

import io.flotilla.node.config.GrpcConfig;
import io.flotilla.proto.v1.Window;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Divides the bytes that this node keeps for publish streams among those that are open: each gets
 * the full window while there is enough, half of it when there is not, and so on. So a change is
 * rare, and all are told of it. Safe; the callbacks run on the thread of whoever joins or leaves,
 * and must only hand off.
 */
final class PublishWindows {

  /** Below this a window would cost more in waiting than it saves. */
  private static final long BYTES_MIN = 64 << 10;

  private final GrpcConfig config;
  private final Set<Runnable> streams = new HashSet<>();
  private volatile Window current;

  PublishWindows(GrpcConfig config) {
    this.config = config;
    this.current = window(1);
  }

  /** What a stream may have in flight now. */
  Window current() {
    return current;
  }

  /** A stream opens; from now on it is told when the window changes. */
  void join(Runnable changed) {
    List<Runnable> told;
    synchronized (this) {
      streams.add(changed);
      told = divide();
    }
    told.stream().filter(other -> !other.equals(changed)).forEach(Runnable::run);
  }

  /** Leaving twice does nothing. */
  void leave(Runnable changed) {
    List<Runnable> told;
    synchronized (this) {
      streams.remove(changed);
      told = divide();
    }
    told.forEach(Runnable::run);
  }

  /** Whom to tell, if it changes anything. */
  private List<Runnable> divide() {
    Window next = window(Math.max(1, streams.size()));
    if (next.equals(current)) {
      return List.of();
    }
    current = next;
    return List.copyOf(streams);
  }

  private Window window(int open) {
    long bytes = config.publishWindowBytes();
    int batches = config.publishWindowBatches();
    while (bytes > BYTES_MIN && bytes * open > config.publishBytesMax()) {
      bytes /= 2;
      batches = Math.max(1, batches / 2);
    }
    return Window.newBuilder().setBatches(batches).setBytes(Math.max(BYTES_MIN, bytes)).build();
  }
}
