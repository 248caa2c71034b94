package io.flotilla.cli.output;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Whoever read our output has gone, as {@code head} does when it has enough. Not a failure. */
public final class BrokenPipeException extends UncheckedIOException {

  private static final long serialVersionUID = 1L;

  BrokenPipeException(IOException cause) {
    super(cause);
  }
}
