package io.flotilla.cli.publish;

import io.flotilla.cli.error.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The value that {@code --value} means: the text itself; with {@code @FILE} all bytes of that file,
 * as they are; with {@code -} all of standard input. A text that begins so is written with a
 * second @ in front. Stateless.
 */
final class OneValue {

  /** More than any cluster takes, which says so itself then; no file is read to its end for it. */
  private static final int BYTES_MAX = 16 << 20;

  private static final String AT = "@";

  private OneValue() {}

  static byte[] of(String value, InputStream standard) throws IOException {
    if (value.equals(Input.STANDARD)) {
      return standard.readNBytes(BYTES_MAX);
    }
    if (value.startsWith(AT + AT)) {
      return value.substring(AT.length()).getBytes(StandardCharsets.UTF_8);
    }
    return value.startsWith(AT)
        ? file(value.substring(AT.length()))
        : value.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] file(String name) {
    try (InputStream in = Files.newInputStream(Path.of(name))) {
      return in.readNBytes(BYTES_MAX);
    } catch (IOException | IllegalArgumentException e) {
      throw CliException.usage(
          "cannot publish --value @" + name,
          "the value is what that file holds, and it cannot be read: " + e,
          "name another file; a text that begins with @ is written @@" + name);
    }
  }
}
