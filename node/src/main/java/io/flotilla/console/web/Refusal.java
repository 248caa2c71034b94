package io.flotilla.console.web;

/**
 * Why a request of a browser is not answered as it wished, with the HTTP status that says so.
 * Immutable.
 */
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public static final int BAD_REQUEST = 400;
  public static final int FORBIDDEN = 403;
  public static final int NOT_FOUND = 404;
  public static final int BAD_METHOD = 405;
  public static final int TOO_LARGE = 413;
  public static final int BAD_TYPE = 415;
  public static final int MISDIRECTED = 421;
  public static final int BUSY = 503;

  private final int status;

  public Refusal(int status, String message) {
    super(message);
    this.status = status;
  }

  public static Refusal badRequest(String message) {
    return new Refusal(BAD_REQUEST, message);
  }

  public static Refusal notFound(String message) {
    return new Refusal(NOT_FOUND, message);
  }

  public int status() {
    return status;
  }

  /** In words; never null. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
