package io.flotilla.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A name with a value beside an event's own value; order and repetition are kept. The bytes are not
 * copied: do not change them afterwards.
 *
 * @param key 1 to 200 characters
 * @param value any bytes
 */
@SuppressWarnings("ArrayRecordComponent") // equality by content is written out below
public record Header(String key, byte[] value) {

  /** A header whose value is text, in UTF-8. */
  public static Header of(String key, String value) {
    return new Header(key, value.getBytes(StandardCharsets.UTF_8));
  }

  /** The value as UTF-8 text. */
  public String valueText() {
    return new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Header that && key.equals(that.key) && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * key.hashCode() + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return key + "=" + valueText();
  }
}
