package io.flotilla.cli.search;

import io.flotilla.cli.output.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a scan has looked at. Immutable.
 *
 * @param stretches what was to be looked at
 * @param reached by partition, the next offset
 * @param events how many were looked at; offsets without an event do not count
 * @param lastTime the timestamp of the last one
 */
record Coverage(
    List<Stretch> stretches, Map<Integer, Long> reached, long events, @Nullable Instant lastTime) {

  /** So many partitions are named one by one. */
  private static final int NAMED_MAX = 6;

  private long covered() {
    return stretches.stream().mapToLong(each -> reached(each) - each.from()).sum();
  }

  private long wanted() {
    return stretches.stream().mapToLong(Stretch::offsets).sum();
  }

  private long reached(Stretch stretch) {
    return reached.getOrDefault(stretch.partition(), stretch.from());
  }

  private boolean complete() {
    return covered() == wanted();
  }

  /** One line, while it goes on. */
  String progress(long found, boolean utc) {
    long wanted = wanted();
    String percent = wanted == 0 ? "" : " (" + covered() * 100 / wanted + " %)";
    String time = lastTime == null ? "" : ", reached " + Text.time(lastTime, utc);
    return "scanned "
        + Text.count(covered())
        + " of "
        + Text.count(wanted)
        + percent
        + ", "
        + Text.count(found)
        + " found"
        + time;
  }

  /** In the end: what was found, where was looked, and where not. */
  List<String> report(long found) {
    List<String> lines = new ArrayList<>();
    lines.add(
        Text.count(found, "event")
            + " found; scanned "
            + Text.count(covered())
            + " of "
            + Text.count(wanted())
            + " offsets"
            + (complete() ? "" : ", not all"));
    if (stretches.size() <= NAMED_MAX) {
      lines.add("  " + stretches.stream().map(this::stretch).collect(Collectors.joining(", ")));
    }
    List<Stretch> trimmed =
        stretches.stream().filter(each -> each.kept() > 0 && each.from() == each.kept()).toList();
    if (!trimmed.isEmpty()) {
      lines.add(
          "  older events are no longer kept in "
              + Text.count(trimmed.size(), "partition")
              + (trimmed.size() <= NAMED_MAX
                  ? ": "
                      + trimmed.stream()
                          .map(each -> each.partition() + " before " + each.kept())
                          .collect(Collectors.joining(", "))
                  : ""));
    }
    return lines;
  }

  private String stretch(Stretch each) {
    return "partition "
        + each.partition()
        + ": "
        + each.from()
        + " to "
        + reached(each)
        + (reached(each) == each.until() ? "" : " of " + each.until());
  }
}
