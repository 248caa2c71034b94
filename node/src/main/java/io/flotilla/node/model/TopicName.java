package io.flotilla.node.model;

import java.util.regex.Pattern;

/** What a topic may be called; the one place that knows. Stateless. */
public final class TopicName {

  public static final int CHARS_MAX = 200;

  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9._-]{1," + CHARS_MAX + "}");

  /** Names that begin so are kept for Flotilla's own topics. */
  private static final String RESERVED_PREFIX = "__";

  private TopicName() {}

  /**
   * Refuses a name that is not allowed.
   *
   * @throws FlotillaException INVALID_ARGUMENT, saying what is allowed
   */
  public static void check(String name) {
    if (!ALLOWED.matcher(name).matches()
        || name.equals(".")
        || name.equals("..")
        || name.startsWith(RESERVED_PREFIX)) {
      String shown = name.length() > CHARS_MAX ? name.substring(0, CHARS_MAX) + "..." : name;
      throw FlotillaException.invalid(
          "topic name \""
              + shown
              + "\" is not allowed: use 1 to "
              + CHARS_MAX
              + " of a-z A-Z 0-9 . _ - and neither \".\" nor \"..\" nor a name beginning with "
              + RESERVED_PREFIX);
    }
  }
}
