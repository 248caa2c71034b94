package io.flotilla.cli.topic;

import io.flotilla.cli.command.DurationConverter;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.topic.TopicDetail.SettingRow;
import io.flotilla.client.Cleanup;
import io.flotilla.client.TopicSettings;
import io.flotilla.client.TopicSettings.Name;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/** Settings of a topic as the command line reads and writes them. Stateless. */
final class SettingText {

  static final String FORMS =
      "retention.time=7d (or unlimited): keep events so long; retention.bytes=1GiB (or unlimited):"
          + " keep so much of each partition; cleanup=delete|compact|both: by age and size, or by"
          + " key; compaction.lag.min=1m, compaction.lag.max=1d, compaction.dirty.percent=50,"
          + " tombstone.retention=1d. Repeatable.";

  private static final String UNLIMITED = "unlimited";
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})(B|KiB|MiB|GiB|TiB)?");

  private SettingText() {}

  static String name(Name name) {
    return switch (name) {
      case RETENTION_TIME -> "retention.time";
      case RETENTION_BYTES -> "retention.bytes";
      case CLEANUP -> "cleanup";
      case COMPACTION_LAG_MIN -> "compaction.lag.min";
      case COMPACTION_LAG_MAX -> "compaction.lag.max";
      case COMPACTION_DIRTY_PERCENT -> "compaction.dirty.percent";
      case TOMBSTONE_RETENTION -> "tombstone.retention";
    };
  }

  private static Name name(String text) {
    for (Name name : Name.values()) {
      if (name(name).equals(text)) {
        return name;
      }
    }
    throw CliException.usage(
        "cannot use the setting \"" + text + "\"",
        "topics have no such setting",
        "use one of "
            + Arrays.stream(Name.values())
                .map(SettingText::name)
                .collect(Collectors.joining(", ")));
  }

  static Set<Name> names(List<String> texts) {
    EnumSet<Name> names = EnumSet.noneOf(Name.class);
    texts.forEach(text -> names.add(name(text)));
    return names;
  }

  static TopicSettings settings(Map<String, String> texts) {
    TopicSettings settings = TopicSettings.NONE;
    for (Map.Entry<String, String> text : texts.entrySet()) {
      settings = with(settings, name(text.getKey()), text.getValue());
    }
    return settings;
  }

  private static TopicSettings with(TopicSettings settings, Name name, String text) {
    return switch (name) {
      case RETENTION_TIME -> settings.withRetentionTime(time(name, text));
      case RETENTION_BYTES -> settings.withRetentionBytes(bytes(text));
      case CLEANUP -> settings.withCleanup(cleanup(text));
      case COMPACTION_LAG_MIN -> settings.withCompactionLagMin(time(name, text));
      case COMPACTION_LAG_MAX -> settings.withCompactionLagMax(time(name, text));
      case COMPACTION_DIRTY_PERCENT -> settings.withCompactionDirtyPercent(percent(text));
      case TOMBSTONE_RETENTION -> settings.withTombstoneRetention(time(name, text));
    };
  }

  private static Cleanup cleanup(String text) {
    for (Cleanup cleanup : Cleanup.values()) {
      if (text(cleanup).equals(text)) {
        return cleanup;
      }
    }
    throw CliException.usage(
        "cannot set cleanup to \"" + text + "\"",
        "it is not one of delete, compact and both",
        "use for example --set cleanup=compact");
  }

  private static int percent(String text) {
    if (!text.matches("\\d{1,3}%?")) {
      throw CliException.usage(
          "cannot set compaction.dirty.percent to \"" + text + "\"",
          "it is not a number from 0 to 100",
          "use for example --set compaction.dirty.percent=50");
    }
    return Integer.parseInt(text.replace("%", ""));
  }

  private static Duration time(Name name, String text) {
    if (text.equals(UNLIMITED)) {
      return TopicSettings.FOR_EVER;
    }
    try {
      return new DurationConverter().convert(text);
    } catch (TypeConversionException e) {
      throw CliException.usage(
          "cannot set " + name(name) + " to \"" + text + "\"",
          String.valueOf(e.getMessage()),
          "use for example --set " + name(name) + "=7d");
    }
  }

  private static long bytes(String text) {
    if (text.equals(UNLIMITED)) {
      return TopicSettings.UNLIMITED;
    }
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw notASize(text);
    }
    String unit = size.group(2) == null ? "B" : size.group(2);
    int shift = 10 * List.of("B", "KiB", "MiB", "GiB", "TiB").indexOf(unit);
    long number = Long.parseLong(size.group(1));
    if (number > Long.MAX_VALUE >> shift) {
      throw notASize(text);
    }
    return number << shift;
  }

  private static CliException notASize(String text) {
    return CliException.usage(
        "cannot set retention.bytes to \"" + text + "\"",
        "it is not a size such as 512MiB or 1GiB",
        "use for example --set retention.bytes=1GiB or --set retention.bytes=unlimited");
  }

  /** A setting's value as it can be given back to {@code --set}. */
  static String value(TopicSettings settings, Name name) {
    Object value = settings.get(name);
    if (value instanceof Duration time) {
      return text(time);
    }
    if (value instanceof Long bytes) {
      return text(bytes);
    }
    return value instanceof Cleanup cleanup
        ? text(cleanup)
        : value == null ? "?" : value.toString();
  }

  private static String text(Cleanup cleanup) {
    return cleanup.name().toLowerCase(Locale.ROOT);
  }

  private static String text(Duration time) {
    long ms = time.toMillis();
    if (ms < 0) {
      return UNLIMITED;
    }
    long[] units = {86_400_000, 3_600_000, 60_000, 1_000};
    for (int i = 0; i < units.length; i++) {
      if (ms > 0 && ms % units[i] == 0) {
        return ms / units[i] + "dhms".substring(i, i + 1);
      }
    }
    return ms + "ms";
  }

  private static String text(long bytes) {
    if (bytes < 0) {
      return UNLIMITED;
    }
    String[] units = {"TiB", "GiB", "MiB", "KiB"};
    for (int i = 0; i < units.length; i++) {
      int shift = 10 * (units.length - i);
      if (bytes > 0 && bytes % (1L << shift) == 0) {
        return (bytes >> shift) + units[i];
      }
    }
    return bytes + "B";
  }

  static String source(TopicSettings own, Name name) {
    return own.has(name) ? "topic" : "default";
  }

  static List<SettingRow> rows(TopicSettings inForce, TopicSettings own) {
    List<SettingRow> rows = new ArrayList<>();
    for (Name name : Name.values()) {
      if (inForce.has(name)) {
        rows.add(new SettingRow(name(name), value(inForce, name), source(own, name)));
      }
    }
    return rows;
  }
}
