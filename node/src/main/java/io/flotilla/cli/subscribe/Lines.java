package io.flotilla.cli.subscribe;

import java.nio.charset.StandardCharsets;

/** Text as the bytes that are written. Stateless. */
final class Lines {

  static final byte[] LINE_FEED = {'\n'};

  private Lines() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
