package io.flotilla.node.store;

/** What the disk gave back is not what was written: rows of a file cannot be read. */
public final class CorruptStoreException extends RuntimeException {

  public CorruptStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
