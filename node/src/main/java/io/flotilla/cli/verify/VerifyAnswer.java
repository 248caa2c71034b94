package io.flotilla.cli.verify;

import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Table;
import io.flotilla.cli.output.Text;
import io.flotilla.client.PartitionVerification;
import io.flotilla.client.ReplicaVerification;
import io.flotilla.client.ReplicaVerification.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code verify} answers. */
@Doc("The replicas of a topic, compared byte by byte from log start to end.")
record VerifyAnswer(
    @Doc("The topic.") String topic,
    @Doc("Every replica answered, and all of a partition hold the same.") boolean equal,
    @Doc("The replicas, by partition and node.") List<ReplicaRow> replicas) {

  private static final int CHAIN_SHOWN = 12;

  /** One replica of one partition. */
  @Doc("A replica of a partition.")
  record ReplicaRow(
      @Doc("The partition.") int partition,
      @Doc("The node that holds it.") int node,
      @Doc("equal, different, corrupt, behind or unreachable.") String verdict,
      @Doc("The first offset it keeps.") @Nullable Long logStart,
      @Doc("The first offset it cannot read yet.") @Nullable Long end,
      @Doc("Events compared.") long events,
      @Doc("Batches compared.") long batches,
      @Doc("Stored bytes compared.") long bytes,
      @Doc("Hash chain of all that was ever appended, at its end, in hexadecimal.") String chain,
      @Doc("The first offset that differs or cannot be read.") @Nullable Long firstBad,
      @Doc("The verdict in words; empty when it is equal.") String detail) {

    static ReplicaRow of(int partition, ReplicaVerification replica) {
      boolean silent = replica.verdict() == Verdict.UNREACHABLE;
      return new ReplicaRow(
          partition,
          replica.nodeId(),
          replica.verdict().name().toLowerCase(Locale.ROOT),
          silent ? null : (Long) replica.logStartOffset(),
          silent ? null : (Long) replica.highWatermark(),
          replica.events(),
          replica.batches(),
          replica.bytes(),
          replica.chain(),
          replica.badOffset(),
          replica.detail());
    }
  }

  static VerifyAnswer of(String topic, List<PartitionVerification> partitions) {
    List<ReplicaRow> rows = new ArrayList<>();
    for (PartitionVerification partition : partitions) {
      partition
          .replicas()
          .forEach(replica -> rows.add(ReplicaRow.of(partition.partition(), replica)));
    }
    return new VerifyAnswer(
        topic, partitions.stream().allMatch(PartitionVerification::equal), rows);
  }

  List<String> text(boolean wide) {
    Table<ReplicaRow> table =
        new Table<ReplicaRow>()
            .number("PARTITION", ReplicaRow::partition)
            .number("NODE", ReplicaRow::node)
            .text("VERDICT", ReplicaRow::verdict)
            .number("LOG START", row -> orNone(row.logStart()))
            .number("END", row -> orNone(row.end()))
            .number("EVENTS", ReplicaRow::events)
            .number("SIZE", row -> Text.bytes(row.bytes()))
            .text("CHAIN", row -> row.chain().isEmpty() ? Text.NONE : shown(row.chain(), wide))
            .number("FIRST BAD", row -> orNone(row.firstBad()))
            .wideNumber("BATCHES", ReplicaRow::batches);
    List<String> lines = new ArrayList<>(table.render(replicas, wide));
    lines.add("");
    replicas.stream()
        .filter(row -> !row.detail().isEmpty())
        .map(VerifyAnswer::why)
        .forEach(lines::add);
    long good = replicas.stream().filter(row -> row.verdict().equals("equal")).count();
    lines.add(
        equal
            ? topic + ": all " + Text.count(replicas.size(), "replica") + " checked, all equal"
            : topic
                + ": "
                + Text.count(good)
                + " of "
                + Text.count(replicas.size(), "replica")
                + " are equal to the end");
    return lines;
  }

  private static String shown(String chain, boolean wide) {
    return wide ? chain : chain.substring(0, CHAIN_SHOWN);
  }

  private static String why(ReplicaRow row) {
    String from = row.firstBad() == null ? "" : " from offset " + Text.count(row.firstBad());
    return "partition "
        + row.partition()
        + " on node "
        + row.node()
        + " is "
        + row.verdict()
        + from
        + ": "
        + Text.printable(row.detail());
  }

  private static Object orNone(@Nullable Object value) {
    return value == null ? Text.NONE : value;
  }
}
