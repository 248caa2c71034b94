package io.flotilla.node.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values from file and environment, typed on the way out; collects every fault instead of
 * stopping at the first. The environment name of a key: {@code node.dir} is {@code
 * FLOTILLA_NODE_DIR}. Confined.
 */
final class Settings {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*(B|KiB|MiB|GiB)?");

  /** Of an address: whoever may read what a check says need not know it. */
  private static final Pattern PASSWORD = Pattern.compile("//[^/@]*@");

  private final ConfigFile file;
  private final Map<String, String> environment;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<String> faults = new ArrayList<>();

  Settings(ConfigFile file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  static String environmentName(String key) {
    return "FLOTILLA_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private @Nullable String value(String key) {
    known.add(key);
    String fromEnvironment = environment.get(environmentName(key));
    return fromEnvironment != null ? fromEnvironment : file.value(key);
  }

  /** Where the value of a key comes from; empty: nobody gave one. */
  private String origin(String key) {
    String name = environmentName(key);
    return environment.containsKey(name) ? name : file.origin(key);
  }

  private String located(String fault) {
    return known.stream()
        .filter(key -> fault.startsWith(key + " ") || fault.startsWith(key + ":"))
        .map(this::origin)
        .filter(origin -> !origin.isEmpty())
        .findFirst()
        .map(origin -> fault + " (" + origin + ")")
        .orElse(fault);
  }

  /** Every key that was given, in the order of the settings, without passwords. */
  List<ConfigLoader.Given> given() {
    List<ConfigLoader.Given> all = new ArrayList<>();
    for (String key : known) {
      String value = value(key);
      if (value != null) {
        all.add(
            new ConfigLoader.Given(key, PASSWORD.matcher(value).replaceAll("//***@"), origin(key)));
      }
    }
    return all;
  }

  String text(String key, String byDefault) {
    String value = value(key);
    return value == null ? byDefault : value.trim();
  }

  String required(String key) {
    String value = text(key, "");
    if (value.isEmpty()) {
      faults.add(key + " is required (or " + environmentName(key) + ")");
    }
    return value;
  }

  int integer(String key, int byDefault) {
    String value = text(key, "");
    if (value.isEmpty()) {
      return byDefault;
    }
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      faults.add(key + " is \"" + value + "\"; expected a whole number");
      return byDefault;
    }
  }

  boolean flag(String key, boolean byDefault) {
    String value = text(key, "");
    return switch (value) {
      case "" -> byDefault;
      case "true" -> true;
      case "false" -> false;
      default -> {
        faults.add(key + " is \"" + value + "\"; expected true or false");
        yield byDefault;
      }
    };
  }

  Duration duration(String key, Duration byDefault) {
    String value = text(key, "");
    if (value.isEmpty()) {
      return byDefault;
    }
    Matcher matcher = DURATION.matcher(value);
    if (!matcher.matches()) {
      faults.add(key + " is \"" + value + "\"; expected a duration such as 500ms, 10s, 5m or 7d");
      return byDefault;
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /** A duration, or -1 ms, written {@code -1}: unlimited. */
  Duration durationOrUnlimited(String key, Duration byDefault) {
    return text(key, "").equals("-1") ? Duration.ofMillis(-1) : duration(key, byDefault);
  }

  /** A size, or -1: unlimited. */
  long sizeOrUnlimited(String key, long byDefault) {
    return text(key, "").equals("-1") ? -1 : size(key, byDefault);
  }

  long size(String key, long byDefault) {
    String value = text(key, "");
    if (value.isEmpty()) {
      return byDefault;
    }
    Matcher matcher = SIZE.matcher(value);
    if (!matcher.matches()) {
      faults.add(key + " is \"" + value + "\"; expected a size such as 64KiB or 16MiB");
      return byDefault;
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2);
    return switch (unit == null ? "B" : unit) {
      case "KiB" -> number << 10;
      case "MiB" -> number << 20;
      case "GiB" -> number << 30;
      default -> number;
    };
  }

  int sizeInt(String key, int byDefault) {
    long size = size(key, byDefault);
    if (size > Integer.MAX_VALUE) {
      faults.add(key + " is " + size + " bytes; at most 2147483647");
      return byDefault;
    }
    return (int) size;
  }

  List<String> list(String key) {
    String value = text(key, "");
    return value.isEmpty() ? List.of() : List.of(value.split("\\s*,\\s*"));
  }

  void fault(String fault) {
    faults.add(fault);
  }

  /** Every fault so far, keys that nobody asked for included, with the nearest key that exists. */
  List<String> faults() {
    List<String> all = new ArrayList<>(file.faults());
    all.addAll(located(faults));
    for (String key : file.keys()) {
      if (!known.contains(key)) {
        String nearest =
            known.stream().min(Comparator.comparingInt(k -> distance(k, key))).orElse("");
        all.add(
            "%s is not a setting; did you mean %s? (%s)".formatted(key, nearest, file.origin(key)));
      }
    }
    return all;
  }

  /** Faults, each with where it stands, if it begins with a key that was given. */
  List<String> located(List<String> faults) {
    return faults.stream().map(this::located).toList();
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int corner = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = corner + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        corner = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
