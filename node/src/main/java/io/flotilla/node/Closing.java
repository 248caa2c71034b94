package io.flotilla.node;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes parts one after the other, the rest also when one fails: what lies on disk is flushed by
 * the last ones. For one thread.
 */
final class Closing {
  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private @Nullable RuntimeException failure;

  void step(Runnable part) {
    try {
      part.run();
    } catch (RuntimeException e) {
      LOG.error("a part did not close; the others are closed all the same", e);
      if (failure == null) {
        failure = e;
      } else {
        failure.addSuppressed(e);
      }
    }
  }

  /** Throws what failed first, with all that failed after it. */
  void end() {
    if (failure != null) {
      throw failure;
    }
  }
}
