package io.flotilla.cli.group;

import io.flotilla.cli.group.GroupDetail.ChangeRow;
import io.flotilla.cli.group.GroupDetail.MemberRow;
import io.flotilla.cli.group.GroupDetail.PartitionRow;
import io.flotilla.cli.output.Table;
import io.flotilla.cli.output.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A described group for people: a sentence, partitions, members, history.
 *
 * @param utc times in UTC
 * @param wide all columns
 */
record GroupTables(boolean utc, boolean wide) {

  /** So much of the history is shown, unless wide. */
  private static final int CHANGES = 5;

  List<String> of(GroupDetail group) {
    List<String> lines = new ArrayList<>();
    lines.add(group.headline());
    if (!group.partitions().isEmpty()) {
      lines.add("");
      lines.addAll(partitions().render(group.partitions(), wide));
    }
    if (!group.members().isEmpty()) {
      lines.add("");
      lines.addAll(members().render(group.members(), wide));
    }
    if (!group.changes().isEmpty()) {
      lines.add("");
      int most = wide ? group.changes().size() : Math.min(CHANGES, group.changes().size());
      lines.addAll(changes().render(group.changes().subList(0, most), wide));
    }
    return lines;
  }

  private Table<PartitionRow> partitions() {
    return new Table<PartitionRow>()
        .text("TOPIC", PartitionRow::topic)
        .number("PARTITION", PartitionRow::partition)
        .text("MEMBER", row -> GroupText.orNone(row.member()))
        .number("COMMITTED", row -> GroupText.orNone(row.committed()))
        .number("END", row -> GroupText.orNone(row.end()))
        .number("LAG EVENTS", row -> GroupText.orNone(row.lagEvents()))
        .number("LAG S", row -> seconds(row.lagMs()))
        .number("EVENTS/S", row -> rate(row.consumedPerSecond()))
        .wideNumber("PUBLISHED/S", row -> rate(row.publishedPerSecond()))
        .wideText(
            "OLDEST UNPROCESSED",
            row ->
                row.oldestUnprocessed() == null
                    ? Text.NONE
                    : Text.time(row.oldestUnprocessed(), utc))
        .wideText("PROBLEM", row -> GroupText.orNone(row.problem()));
  }

  private static String seconds(@Nullable Long millis) {
    return millis == null ? Text.NONE : String.format(Locale.ROOT, "%.1f", millis / 1000.0);
  }

  private static String rate(@Nullable Double perSecond) {
    return perSecond == null ? Text.NONE : Text.count(Math.round(perSecond));
  }

  private Table<MemberRow> members() {
    return new Table<MemberRow>()
        .text("MEMBER", MemberRow::id)
        .text("INSTANCE", row -> GroupText.orNone(row.instance()))
        .text("CLIENT", row -> GroupText.orNone(row.client()))
        .text("HOST", MemberRow::host)
        .number("NODE", row -> GroupText.orNone(row.node()))
        .number("PARTITIONS", row -> row.partitions().size())
        .number("REVOKING", row -> row.revoking().size())
        .wideText("RACK", row -> GroupText.orNone(row.rack()))
        .wideText("TOPICS", row -> String.join(",", row.topics()))
        .wideText("JOINED", row -> Text.time(row.joined(), utc))
        .wideText("HAS", row -> String.join(",", row.partitions()));
  }

  private Table<ChangeRow> changes() {
    return new Table<ChangeRow>()
        .number("GENERATION", row -> String.valueOf(row.generation()))
        .text("TIME", row -> Text.time(row.time(), utc))
        .text("CHANGE", ChangeRow::what);
  }
}
