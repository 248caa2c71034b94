package io.flotilla.node.store;

import org.jspecify.annotations.Nullable;

/** What the disk gave back is not what was written: rows of a file cannot be read. */
public final class CorruptStoreException extends RuntimeException {

  public CorruptStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
