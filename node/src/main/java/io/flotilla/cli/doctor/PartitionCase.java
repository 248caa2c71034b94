package io.flotilla.cli.doctor;

import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Table;
import io.flotilla.cli.output.Text;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code explain partition} answers. */
@Doc("How a partition is, why, and what to do.")
record PartitionCase(
    @Doc("The topic.") String topic,
    @Doc("The partition.") int partition,
    @Doc("ok; warn: something is wrong, and it can be written to; fail: it cannot.") String result,
    @Doc("How it is, in a sentence.") String message,
    @Doc("Who was asked.") String where,
    @Doc("What is wrong, the worst first; empty when all is well.") List<Reason> reasons,
    @Doc("Events can be published to it.") boolean writable,
    @Doc("The node that leads it; null: none.") @Nullable Integer leader,
    @Doc("The term in which it leads; null: it does not, or did not say.") @Nullable Long term,
    @Doc("How many replicas have to answer for anything to be written.") int majority,
    @Doc("Its replicas, the preferred leader's first.") List<ReplicaRow> replicas) {

  /** One replica. */
  @Doc("A replica.")
  record ReplicaRow(
      @Doc("The node that holds it.") int node,
      @Doc("Where clients reach that node.") String address,
      @Doc("leader, follower, candidate, joining, damaged, or unknown when it does not answer.")
          String role,
      @Doc("How long its node has been silent; null: it answers, or nobody knows.")
          @Nullable Long silentMs,
      @Doc("Behind the last event that it can show; null: it did not say.") @Nullable Long end,
      @Doc("How many events it is behind the leader; null: it did not say.")
          @Nullable Long lagEvents) {}

  List<String> text(boolean wide) {
    Table<ReplicaRow> table =
        new Table<ReplicaRow>()
            .number("NODE", ReplicaRow::node)
            .text("ADDRESS", ReplicaRow::address)
            .text("ROLE", row -> row.role().equals("unknown") ? "silent" : row.role())
            .number("SILENT S", row -> row.silentMs() == null ? Text.NONE : row.silentMs() / 1000)
            .number("END", row -> orNone(row.end()))
            .number("LAG EVENTS", row -> orNone(row.lagEvents()));
    List<String> lines = new ArrayList<>(Reason.text(message, where, reasons));
    lines.add("");
    lines.addAll(table.render(replicas, wide));
    return lines;
  }

  private static Object orNone(@Nullable Object value) {
    return value == null ? Text.NONE : value;
  }
}
