package io.flotilla.cli.publish;

/** A line of input is not an event. The message says what is wrong with it. */
final class BadLineException extends Exception {

  private static final long serialVersionUID = 1L;

  BadLineException(String message) {
    super(message);
  }
}
