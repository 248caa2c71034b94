package io.flotilla.cli.doctor;

import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Table;
import io.flotilla.cli.output.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code explain group} answers. */
@Doc("How a consumer group is doing, why, and what to do.")
record GroupCase(
    @Doc("The group.") String group,
    @Doc("ok, or warn when something is wrong.") String result,
    @Doc("How it is doing, in a sentence.") String message,
    @Doc("Who was asked.") String where,
    @Doc("What is wrong, the worst first; empty when nothing is.") List<Reason> reasons,
    @Doc("How long the two looks were apart; 0: one was enough.") long lookedMs,
    @Doc("What happened to it last; null: nothing is remembered.") @Nullable String lastChange,
    @Doc("When that was.") @Nullable Instant lastChangeTime,
    @Doc("Its partitions, the worst first.") List<PartitionRow> partitions) {

  /** One partition. */
  @Doc("A partition.")
  record PartitionRow(
      @Doc("The topic.") String topic,
      @Doc("The partition.") int partition,
      @Doc(
              "untold, no_members, no_owner, owner_lost, not_committing, falling_behind,"
                  + " events_deleted, catching_up, never_committed, keeping_up or caught_up.")
          String standing,
      @Doc("The id of the member that has it; null: none.") @Nullable String member,
      @Doc("How many events wait; null: its leader cannot tell.") @Nullable Long lagEvents,
      @Doc("How long the oldest of them has been waiting; null: its leader cannot tell.")
          @Nullable Long lagMs,
      @Doc("By how many events a second more wait; negative: fewer. Null: looked once only.")
          @Nullable Double growthPerSecond,
      @Doc("When nothing will wait any more; null: it cannot be told.") @Nullable Long catchUpMs) {}

  List<String> text(boolean wide, boolean utc) {
    Table<PartitionRow> table =
        new Table<PartitionRow>()
            .text("TOPIC", PartitionRow::topic)
            .number("PARTITION", PartitionRow::partition)
            .text("STANDING", row -> row.standing().replace('_', ' '))
            .text("MEMBER", row -> row.member() == null ? Text.NONE : row.member())
            .number("LAG EVENTS", row -> row.lagEvents() == null ? Text.NONE : row.lagEvents())
            .number("LAG S", row -> seconds(row.lagMs()))
            .number("GROWS/S", row -> growth(row.growthPerSecond()))
            .wideNumber("CLEAR IN S", row -> seconds(row.catchUpMs()));
    List<String> lines = new ArrayList<>(Reason.text(message, where, reasons));
    if (lastChange != null && lastChangeTime != null) {
      lines.add("  last    " + Text.printable(lastChange) + ", " + Text.time(lastChangeTime, utc));
    }
    if (!partitions.isEmpty()) {
      lines.add("");
      lines.addAll(table.render(partitions, wide));
    }
    return lines;
  }

  private static String seconds(@Nullable Long millis) {
    return millis == null ? Text.NONE : String.format(Locale.ROOT, "%.1f", millis / 1000.0);
  }

  private static String growth(@Nullable Double perSecond) {
    return perSecond == null
        ? Text.NONE
        : (perSecond > 0 ? "+" : "") + Text.count(Math.round(perSecond));
  }
}
