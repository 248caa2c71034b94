package io.flotilla.cli.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.flotilla.client.Header;
import io.flotilla.client.ReceivedEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted: all of key, headers and conditions must fit, each is optional. Cheap
 * questions come first, and a value is parsed at most once. Confined to one thread.
 */
final class EventFilter implements Predicate<ReceivedEvent> {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final byte @Nullable [] key;
  private final List<String> headers;
  private final List<Condition> conditions;

  /**
   * @param key null: any
   * @param headers {@code NAME}, or {@code NAME:VALUE}
   */
  EventFilter(byte @Nullable [] key, List<String> headers, List<Condition> conditions) {
    this.key = key;
    this.headers = headers;
    this.conditions = conditions;
  }

  @Override
  public boolean test(ReceivedEvent event) {
    if (key != null && !Arrays.equals(key, event.key())) {
      return false;
    }
    if (!headers.stream().allMatch(wanted -> has(event, wanted))) {
      return false;
    }
    Value value = new Value(event);
    return conditions.stream().allMatch(condition -> condition.holds(event, value));
  }

  private static boolean has(ReceivedEvent event, String wanted) {
    int colon = wanted.indexOf(':');
    String name = colon < 0 ? wanted : wanted.substring(0, colon);
    for (Header header : event.headers()) {
      if (header.key().equals(name)
          && (colon < 0 || header.valueText().equals(wanted.substring(colon + 1).strip()))) {
        return true;
      }
    }
    return false;
  }

  /** The value as JSON, parsed when it is first asked for. */
  private static final class Value implements Supplier<JsonNode> {
    private final ReceivedEvent event;
    private @Nullable JsonNode parsed;

    Value(ReceivedEvent event) {
      this.event = event;
    }

    @Override
    public JsonNode get() {
      JsonNode known = parsed;
      if (known == null) {
        known = parse(event.value());
        parsed = known;
      }
      return known;
    }

    private static JsonNode parse(byte @Nullable [] value) {
      if (value == null) {
        return MissingNode.getInstance();
      }
      try {
        return JSON.readTree(value);
      } catch (IOException notJson) {
        return MissingNode.getInstance();
      }
    }
  }
}
