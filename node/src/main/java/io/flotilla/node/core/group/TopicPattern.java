package io.flotilla.node.core.group;

import io.flotilla.node.model.FlotillaException;
import java.util.regex.Pattern;

/**
 * The name of a topic, or a pattern of names in which * stands for any characters. Immutable.
 *
 * @param text as it was given
 */
public record TopicPattern(String text) {

  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9._*-]{1,200}");

  /**
   * The pattern of a text.
   *
   * @throws FlotillaException INVALID_ARGUMENT when it can match no topic
   */
  public static TopicPattern of(String text) {
    if (!ALLOWED.matcher(text).matches()) {
      throw FlotillaException.invalid(
          "topic \"" + text + "\" must match [a-zA-Z0-9._*-]{1,200}; * stands for any characters");
    }
    return new TopicPattern(text);
  }

  /** Greedy, with one point to come back to: linear in practice, quadratic at worst. */
  public boolean matches(String name) {
    int at = 0;
    int star = -1;
    int resume = 0;
    int i = 0;
    while (i < name.length()) {
      if (at < text.length() && text.charAt(at) == '*') {
        star = at++;
        resume = i;
      } else if (at < text.length() && text.charAt(at) == name.charAt(i)) {
        at++;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++resume;
      } else {
        return false;
      }
    }
    while (at < text.length() && text.charAt(at) == '*') {
      at++;
    }
    return at == text.length();
  }
}
