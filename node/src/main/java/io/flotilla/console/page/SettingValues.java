package io.flotilla.console.page;

import io.flotilla.client.TopicSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of a topic as the console shows them; -1 = unlimited. Stateless. */
final class SettingValues {

  private SettingValues() {}

  static String cleanup(TopicSettings settings) {
    return settings.cleanup() == null ? "" : settings.cleanup().name().toLowerCase(Locale.ROOT);
  }

  static long millis(@Nullable Duration time) {
    return time == null ? -1 : time.toMillis();
  }

  /** By the names that the command line has for them; those that are not said are left out. */
  static Map<String, Object> of(TopicSettings settings) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (TopicSettings.Name name : TopicSettings.Name.values()) {
      Object value = settings.get(name);
      if (value != null) {
        values.put(
            name.name().toLowerCase(Locale.ROOT).replace('_', '.'),
            value instanceof Duration time
                ? time.toMillis()
                : value instanceof Enum<?> word ? word.name().toLowerCase(Locale.ROOT) : value);
      }
    }
    return values;
  }
}
