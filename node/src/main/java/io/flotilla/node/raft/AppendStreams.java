package io.flotilla.node.raft;

import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCallStreamObserver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pairs of streams, for entries and for heartbeats, on which a leader sends to one follower;
 * all of them are cancelled when the appender ends. Ratis 3.3.0 ends only the last pair, and that
 * only when it is interrupted between two entries and the follower still answers; when one of a
 * pair fails, as it does while the follower has no such group yet, the other is forgotten. Those
 * stay open for as long as the connection, and with them all that was the group, on both sides.
 *
 * <p>While the appender runs nothing may be cancelled: Ratis would take that for a failure of the
 * present pair. Its fields are private, so they are reached by reflection; if a later Ratis has
 * none, nothing is done but to say so. Confined to the appender's thread.
 */
final class AppendStreams {

  private static final Logger LOG = LoggerFactory.getLogger(AppendStreams.class);
  private static final String MISSED = "a removed group may stay in memory: Ratis has other fields";

  private final GrpcLogAppender appender;
  private final @Nullable Field present = field(GrpcLogAppender.class, "appendLogRequestObserver");
  // Weakly: what has ended by itself, and each lost connection ends some, need not be kept.
  private final List<WeakReference<Object>> opened = new ArrayList<>();
  private @Nullable Object last;

  AppendStreams(GrpcLogAppender appender) {
    this.appender = appender;
  }

  /** Notes the present pair. */
  void look() {
    Object now = value(present, appender);
    if (now != null && !now.equals(last)) {
      opened.removeIf(before -> before.get() == null);
      opened.add(new WeakReference<>(now));
    }
    last = now;
  }

  /** Cancels every pair that there was; the appender has ended. */
  void end() {
    look();
    last = null;
    for (WeakReference<Object> one : opened) {
      Object pair = one.get();
      if (pair != null) {
        cancel(value(field(pair.getClass(), "appendLog"), pair));
        cancel(value(field(pair.getClass(), "heartbeat"), pair));
      }
    }
    opened.clear();
  }

  private static void cancel(@Nullable Object stream) {
    if (stream instanceof ClientCallStreamObserver<?> call) {
      call.cancel("the appender has ended", null);
    }
  }

  private static @Nullable Field field(Class<?> type, String name) {
    try {
      Field field = type.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      LOG.warn(MISSED, e);
      return null;
    }
  }

  private static @Nullable Object value(@Nullable Field field, Object of) {
    try {
      return field == null ? null : field.get(of);
    } catch (IllegalAccessException e) {
      LOG.warn(MISSED, e);
      return null;
    }
  }
}
