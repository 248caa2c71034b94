package io.flotilla.node.grpc.call;

import io.flotilla.node.grpc.call.CallThreads.Alarm;
import io.flotilla.proto.v1.GoAway;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The streams that are open, so that all of them can be told when the node leaves. A stream as old
 * as a connection may be is told to be opened anew, before the connection's end would cut it off;
 * not all at once. Safe.
 */
public final class OpenStreams {

  private final Map<Leaving, Alarm> streams = new ConcurrentHashMap<>();
  private final Executor executor;
  private final Duration ageMax;
  private final Duration grace;

  /**
   * @param ageMax how long a connection may live
   * @param grace how long streams may outlive it
   */
  public OpenStreams(Executor executor, Duration ageMax, Duration grace) {
    this.executor = executor;
    this.ageMax = ageMax;
    this.grace = grace;
  }

  /** A stream that can be asked to go elsewhere; hands off, never blocks. */
  @FunctionalInterface
  public interface Leaving {
    void goAway(GoAway goAway);
  }

  public void add(Leaving stream) {
    long ageMs = ageMax.toMillis();
    long jitterMs = ThreadLocalRandom.current().nextLong(1 + ageMs / 10);
    Runnable old =
        () -> stream.goAway(message("the stream is old: open a new one", grace.dividedBy(2)));
    streams.put(stream, CallThreads.after(ageMs - jitterMs, executor, old));
  }

  public void remove(Leaving stream) {
    Alarm alarm = streams.remove(stream);
    if (alarm != null) {
      alarm.cancel();
    }
  }

  /** Tells all of them. */
  public void goAway(String why, Duration within) {
    GoAway goAway = message(why, within);
    streams.keySet().forEach(stream -> stream.goAway(goAway));
  }

  private static GoAway message(String why, Duration within) {
    return GoAway.newBuilder().setMessage(why).setGraceMs(within.toMillis()).build();
  }
}
