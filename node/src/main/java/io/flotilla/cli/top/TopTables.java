package io.flotilla.cli.top;

import io.flotilla.cli.output.Table;
import io.flotilla.cli.output.Text;
import io.flotilla.cli.top.TopSample.GroupRow;
import io.flotilla.cli.top.TopSample.NodeRow;
import io.flotilla.cli.top.TopSample.TopicRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sample for people.
 *
 * @param utc times in UTC
 * @param wide all columns
 * @param hint how it ends, part of the first line
 */
record TopTables(boolean utc, boolean wide, String hint) {

  List<String> of(TopSample sample) {
    List<String> lines = new ArrayList<>();
    lines.add("cluster " + sample.clusterId() + "  " + Text.time(sample.time(), utc) + hint);
    lines.add("");
    lines.addAll(nodes().render(sample.nodes(), wide));
    lines.add("");
    lines.addAll(topics().render(sample.topics(), wide));
    lines.add(
        count(sample.topics().size(), sample.topicCount(), "topic", "the busiest")
            + (sample.truncated() ? "; not all replicas were told: figures are too low" : ""));
    if (sample.groupCount() > 0) {
      lines.add("");
      lines.addAll(groups().render(sample.groups(), wide));
      lines.add(
          count(sample.groups().size(), sample.groupCount(), "consumer group", "the latest")
              + (sample.groupsAsked() < sample.groupCount()
                  ? "; " + sample.groupsAsked() + " are asked each time, in turn"
                  : ""));
    }
    return lines;
  }

  private static String count(int shown, int all, String noun, String which) {
    return shown < all
        ? "  " + which + " " + shown + " of " + Text.count(all, noun)
        : "  " + Text.count(all, noun);
  }

  private static Table<NodeRow> nodes() {
    return new Table<NodeRow>()
        .number("NODE", NodeRow::node)
        .text("ADDRESS", NodeRow::address)
        .text("STATE", NodeRow::state)
        .number("LEADERS", NodeRow::leaders)
        .number("REPLICAS", NodeRow::replicas)
        .number("PUBLISHED/S", row -> rate(row.publishedPerSecond()))
        .number("LAG EVENTS", NodeRow::lagEvents)
        .number("DISK FREE", TopTables::free);
  }

  private static String free(NodeRow node) {
    Long bytes = node.diskFreeBytes();
    return bytes == null ? Text.NONE : Text.bytes(bytes);
  }

  private static Table<TopicRow> topics() {
    return new Table<TopicRow>()
        .text("TOPIC", TopicRow::topic)
        .number("PARTITIONS", TopicRow::partitions)
        .number("EVENTS", TopicRow::events)
        .number("PUBLISHED/S", row -> rate(row.publishedPerSecond()));
  }

  private static Table<GroupRow> groups() {
    return new Table<GroupRow>()
        .text("GROUP", GroupRow::group)
        .text("STATE", GroupRow::state)
        .number("MEMBERS", GroupRow::members)
        .number("LAG EVENTS", GroupRow::lagEvents)
        .number("LAG", row -> Text.duration(Duration.ofMillis(row.lagMs())))
        .number("CONSUMED/S", row -> rate(row.consumedPerSecond()))
        .text("", row -> row.fallingBehind() ? "falling behind" : "");
  }

  private static String rate(@Nullable Double perSecond) {
    return perSecond == null ? Text.NONE : Text.count(Math.round(perSecond));
  }
}
