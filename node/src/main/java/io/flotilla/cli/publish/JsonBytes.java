package io.flotilla.cli.publish;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.flotilla.cli.output.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The bytes that stand for a JSON value: a string's text, else compact JSON. Stateless. */
public final class JsonBytes {

  private JsonBytes() {}

  /** Consumes the value at which the parser stands; null for null. */
  static byte @Nullable [] of(JsonParser parser) throws IOException, BadLineException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_STRING -> utf8(parser.getText());
      default -> compact(parser);
    };
  }

  /** Text in UTF-8; half a surrogate pair has no bytes and must not become a question mark. */
  static byte[] utf8(String text) throws BadLineException {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      return copy;
    } catch (CharacterCodingException e) {
      throw new BadLineException("a string holds half of a surrogate pair");
    }
  }

  /** Consumes a value and writes it without blanks, numbers as they were written. */
  public static byte[] compact(JsonParser parser) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = Json.FACTORY.createGenerator(bytes)) {
      int depth = 0;
      JsonToken token = parser.currentToken();
      while (true) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        copy(token, parser, generator);
        if (depth == 0) {
          break;
        }
        token = parser.nextToken();
      }
    }
    return bytes.toByteArray();
  }

  private static void copy(JsonToken token, JsonParser parser, JsonGenerator generator)
      throws IOException {
    if (token.isNumeric()) {
      generator.writeNumber(parser.getText());
    } else {
      generator.copyCurrentEvent(parser);
    }
  }
}
