package io.flotilla.cli.publish;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.flotilla.cli.output.Json;
import io.flotilla.client.Event;
import io.flotilla.client.Header;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes an event of {@code {"key","value","headers","timestamp"}} on one line. A value that is a
 * string is stored as its text, any other JSON as compact JSON with its numbers as they were
 * written; absent or null is a tombstone. What {@code subscribe -o ndjson} adds (topic, partition,
 * offset, append_time) is known and not needed; anything else is an error, so that nothing is
 * skipped silently. Stateless.
 */
final class NdjsonFormat implements LineFormat {

  private static final Set<String> FROM_SUBSCRIBE =
      Set.of("topic", "partition", "offset", "append_time");

  @Override
  public Event parse(byte[] line) throws BadLineException {
    try (JsonParser parser = Json.FACTORY.createParser(line)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new BadLineException("it is empty; a JSON object was expected");
      }
      if (first != JsonToken.START_OBJECT) {
        throw new BadLineException("it is not a JSON object");
      }
      Event event = object(parser);
      if (parser.nextToken() != null) {
        throw new BadLineException("there is more after the JSON object");
      }
      return event;
    } catch (JsonProcessingException e) {
      throw new BadLineException("it is not valid JSON: " + e.getOriginalMessage() + column(e));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static String column(JsonProcessingException e) {
    return e.getLocation() == null ? "" : " (column " + e.getLocation().getColumnNr() + ")";
  }

  private static Event object(JsonParser parser) throws IOException, BadLineException {
    byte[] key = null;
    byte[] value = null;
    List<Header> headers = List.of();
    Instant timestamp = null;
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      if (!seen.add(field.replace("_base64", ""))) {
        throw new BadLineException("it has \"" + field + "\" more than once");
      }
      parser.nextToken();
      switch (field) {
        case "key" -> key = key(parser);
        case "key_base64" -> key = base64(field, parser);
        case "value" -> value = JsonBytes.of(parser);
        case "value_base64" -> value = base64(field, parser);
        case "headers" -> headers = headers(parser);
        case "timestamp" -> timestamp = TimestampText.of(parser);
        default -> skip(field, parser);
      }
    }
    Event event = Event.of(key, value);
    for (Header header : headers) {
      event = event.withHeader(header.key(), header.value());
    }
    return timestamp == null ? event : event.withTimestamp(timestamp);
  }

  private static void skip(String field, JsonParser parser) throws IOException, BadLineException {
    if (!FROM_SUBSCRIBE.contains(field)) {
      throw new BadLineException(
          "it has the unknown field \"" + field + "\"; known are key, value, headers, timestamp");
    }
    parser.skipChildren();
  }

  private static byte @Nullable [] key(JsonParser parser) throws IOException, BadLineException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_STRING -> JsonBytes.utf8(parser.getText());
      default -> throw new BadLineException("\"key\" is neither a string nor null");
    };
  }

  private static byte @Nullable [] base64(String field, JsonParser parser)
      throws IOException, BadLineException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    try {
      return Base64.getDecoder().decode(parser.getText());
    } catch (IllegalArgumentException e) {
      throw new BadLineException("\"" + field + "\" is not base64: " + e.getMessage());
    }
  }

  private static List<Header> headers(JsonParser parser) throws IOException, BadLineException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return List.of();
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new BadLineException("\"headers\" is not a JSON object");
    }
    List<Header> headers = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (parser.nextToken() == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          headers.add(header(name, parser));
        }
      } else {
        headers.add(header(name, parser));
      }
    }
    return headers;
  }

  private static Header header(String name, JsonParser parser)
      throws IOException, BadLineException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new BadLineException("header \"" + name + "\" is neither a string nor a list of them");
    }
    return new Header(name, JsonBytes.utf8(parser.getText()));
  }
}
