package io.flotilla.cli.subscribe;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Json;
import io.flotilla.client.Header;
import io.flotilla.client.ReceivedEvent;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes an event as one line of JSON that {@code publish --format ndjson} takes back unchanged.
 * Stateless.
 */
final class EventJson {

  /** The shape of it, for the schema. */
  @Doc("An event. Bytes that are not UTF-8 come as key_base64 and value_base64 instead.")
  record Shape(
      @Doc("The topic.") String topic,
      @Doc("The partition.") int partition,
      @Doc("Its offset there.") long offset,
      @Doc("When it happened, by the producer's clock.") Instant timestamp,
      @Doc("When the leader appended it.") Instant appendTime,
      @Doc("The key; null: none.") @Nullable String key,
      @Doc("A compact JSON object or array as such, anything else as a string; null: a tombstone.")
          @Nullable Object value,
      @Doc("By name, each a string, or a list of strings where a name is repeated.")
          Map<String, String> headers) {}

  private EventJson() {}

  static String line(ReceivedEvent event) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = Json.FACTORY.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("topic", event.topic());
      json.writeNumberField("partition", event.partition());
      json.writeNumberField("offset", event.offset());
      json.writeStringField("timestamp", Json.time(event.timestamp()));
      json.writeStringField("append_time", Json.time(event.appendTime()));
      key(json, event.key());
      value(json, event.value());
      headers(json, event.headers());
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static void key(JsonGenerator json, byte @Nullable [] key) throws IOException {
    if (key == null) {
      json.writeNullField("key");
    } else {
      text(json, "key", key);
    }
  }

  private static void value(JsonGenerator json, byte @Nullable [] value) throws IOException {
    if (value == null) {
      json.writeNullField("value");
    } else if (EventBytes.isCompactJson(value)) {
      json.writeFieldName("value");
      json.writeRawValue(new String(value, StandardCharsets.UTF_8));
    } else {
      text(json, "value", value);
    }
  }

  private static void text(JsonGenerator json, String field, byte[] bytes) throws IOException {
    String text = EventBytes.text(bytes);
    if (text == null) {
      json.writeStringField(field + "_base64", Base64.getEncoder().encodeToString(bytes));
    } else {
      json.writeStringField(field, text);
    }
  }

  private static void headers(JsonGenerator json, List<Header> headers) throws IOException {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    for (Header header : headers) {
      byName.computeIfAbsent(header.key(), name -> new ArrayList<>()).add(header.valueText());
    }
    json.writeObjectFieldStart("headers");
    for (Map.Entry<String, List<String>> entry : byName.entrySet()) {
      json.writeFieldName(entry.getKey());
      if (entry.getValue().size() == 1) {
        json.writeString(entry.getValue().get(0));
      } else {
        json.writeStartArray();
        for (String value : entry.getValue()) {
          json.writeString(value);
        }
        json.writeEndArray();
      }
    }
    json.writeEndObject();
  }
}
