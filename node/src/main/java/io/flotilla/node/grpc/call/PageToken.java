package io.flotilla.node.grpc.call;

import io.flotilla.node.model.FlotillaException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Pages of lists that are sorted by name: a token says behind which name one begins. Stateless. */
public final class PageToken {

  private static final int SIZE_MAX = 1_000;
  private static final int SIZE_DEFAULT = 100;
  private static final String FORM = "1:";

  private PageToken() {}

  /** The size that was asked for; 0 = the default. */
  public static int size(int asked) {
    int size = asked == 0 ? SIZE_DEFAULT : asked;
    if (size < 1 || size > SIZE_MAX) {
      throw FlotillaException.invalid("page_size must be 0 to " + SIZE_MAX + ", was " + asked);
    }
    return size;
  }

  /** The token of the page behind a name. */
  public static String behind(String name) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((FORM + name).getBytes(StandardCharsets.UTF_8));
  }

  /** The name behind which the page begins; empty = the first page. */
  public static String name(String token) {
    if (token.isEmpty()) {
      return "";
    }
    try {
      String content = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (content.startsWith(FORM)) {
        return content.substring(FORM.length());
      }
    } catch (IllegalArgumentException e) {
      throw foreign();
    }
    throw foreign();
  }

  private static FlotillaException foreign() {
    return FlotillaException.invalid("page_token is not one that this list gave out");
  }
}
