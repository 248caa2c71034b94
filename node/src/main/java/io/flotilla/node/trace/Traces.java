package io.flotilla.node.trace;

import io.flotilla.node.config.TracingConfig;
import org.jspecify.annotations.Nullable;

/**
 * Where a node tells of its part in traces. It begins none of its own: it goes on with those that
 * clients have and record, so what it costs is what they sample. Safe; never blocks.
 */
public interface Traces extends AutoCloseable {

  /** Tells nobody. */
  Traces OFF =
      new Traces() {
        @Override
        public boolean on() {
          return false;
        }

        @Override
        public TraceSpan publish(@Nullable TraceContext parent, String topic, int events) {
          return TraceSpan.NONE;
        }

        @Override
        public TraceSpan append(TraceSpan publish, String topic, int partition, int events) {
          return TraceSpan.NONE;
        }

        @Override
        public void delivered(
            TraceContext parent, String topic, int partition, long offset, String group) {
          // Nobody listens.
        }

        @Override
        public void close() {
          // Nothing is open.
        }
      };

  /** As configured: off, or to a collector. */
  static Traces of(TracingConfig config, int node, String version) {
    return config.pushes() ? new OtlpTraces(config, node, version) : OFF;
  }

  /** Ask before doing anything for them: where it is false nothing may be computed. */
  boolean on();

  /**
   * A publish begins here.
   *
   * @param parent null: it is in no trace
   */
  TraceSpan publish(@Nullable TraceContext parent, String topic, int events);

  /** Its events of one partition are handed to Raft; ends when they are committed and applied. */
  TraceSpan append(TraceSpan publish, String topic, int partition, int events);

  /**
   * An event goes to a client.
   *
   * @param parent that of the event
   * @param group whose member the client is; empty: of none
   */
  void delivered(TraceContext parent, String topic, int partition, long offset, String group);

  @Override
  void close();
}
