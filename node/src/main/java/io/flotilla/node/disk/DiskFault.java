package io.flotilla.node.disk;

import org.jspecify.annotations.Nullable;

/** What an operator is to do after a write failed, told from its cause. Stateless. */
public final class DiskFault {

  /** How the operating system says it, in Java's exceptions as in RocksDB's. */
  private static final String NO_SPACE = "No space left on device";

  private DiskFault() {}

  /** A sentence to end a log with. */
  public static String advice(Throwable cause) {
    return isFull(cause)
        ? "the disk is full: free space on it, then start the node again"
        : "look at the disk and the lines above, then start the node again";
  }

  /** The write failed because there is no space left. */
  public static boolean isFull(Throwable thrown) {
    for (@Nullable Throwable t = thrown; t != null; t = t.getCause()) {
      if (String.valueOf(t.getMessage()).contains(NO_SPACE)) {
        return true;
      }
    }
    return false;
  }
}
