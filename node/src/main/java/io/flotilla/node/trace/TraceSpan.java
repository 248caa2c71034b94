package io.flotilla.node.trace;

import org.jspecify.annotations.Nullable;

/** Something a node does within a client's trace, until it has ended. Safe; ends once. */
public interface TraceSpan {

  /** Nobody records it. */
  TraceSpan NONE =
      new TraceSpan() {
        @Override
        public boolean recorded() {
          return false;
        }

        @Override
        public @Nullable TraceContext context() {
          return null;
        }

        @Override
        public void end(long offset) {
          // Nothing was begun.
        }

        @Override
        public void fail(String reason) {
          // Nothing was begun.
        }
      };

  /** Whether anybody is told; if not, nothing need be computed for it. */
  boolean recorded();

  /** What belongs below it; null when nobody records it. */
  @Nullable TraceContext context();

  /**
   * It is done.
   *
   * @param offset of the first event; negative: there is none to tell
   */
  void end(long offset);

  /** It was refused, or its outcome is unknown. */
  void fail(String reason);
}
