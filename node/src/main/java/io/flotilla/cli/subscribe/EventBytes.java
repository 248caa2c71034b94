package io.flotilla.cli.subscribe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.flotilla.cli.output.Json;
import io.flotilla.cli.publish.JsonBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the bytes of a key or value may be shown as. Stateless. */
final class EventBytes {

  private EventBytes() {}

  /** The text, or null when the bytes are not UTF-8. */
  static @Nullable String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /**
   * The bytes are a JSON object or array exactly as {@code publish --format ndjson} would store it,
   * so that they can be shown as such and, published again, become the same bytes.
   */
  static boolean isCompactJson(byte[] bytes) {
    if (bytes.length < 2 || (bytes[0] != '{' && bytes[0] != '[')) {
      return false;
    }
    try (JsonParser parser = Json.FACTORY.createParser(bytes)) {
      JsonToken first = parser.nextToken();
      return first != null
          && first.isStructStart()
          && Arrays.equals(JsonBytes.compact(parser), bytes)
          && parser.nextToken() == null;
    } catch (IOException notJson) {
      return false;
    }
  }
}
