package io.flotilla.cli.topic;

import io.flotilla.cli.command.Examples;
import io.flotilla.cli.command.LookAction;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Table;
import io.flotilla.cli.output.Text;
import io.flotilla.cli.topic.TopicDetail.PartitionRow;
import io.flotilla.client.Admin;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.PartitionDescription;
import io.flotilla.client.PartitionOffsetInfo;
import io.flotilla.client.StartPosition;
import io.flotilla.client.TopicDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code flotilla topic describe NAME}. */
@Command
@Examples(
    value = {"flotilla topic describe orders", "flotilla topic describe orders -o json"},
    seeAlso = {"flotilla cluster describe", "flotilla topic list"})
final class TopicDescribeCommand extends LookAction {

  @Parameters(paramLabel = "NAME", description = "The topic.")
  String name = "";

  @Override
  public Shape shape() {
    return Shape.one(TopicDetail.class);
  }

  @Override
  protected String topic() {
    return name;
  }

  @Override
  protected String intent() {
    return "describe topic \"" + name + "\"";
  }

  @Override
  protected void look(FlotillaClient client, Printer printer) {
    Admin admin = client.admin();
    TopicDescription topic = admin.describeTopic(name);
    Map<Integer, Long> starts = offsets(admin, StartPosition.earliest(), printer);
    Map<Integer, Long> ends =
        starts.isEmpty() ? Map.of() : offsets(admin, StartPosition.latest(), printer);
    TopicDetail detail =
        new TopicDetail(
            topic.name(),
            topic.topicId(),
            topic.partitionCount(),
            topic.replicationFactor(),
            topic.created(),
            topic.partitions().stream().map(p -> row(p, starts, ends)).toList(),
            SettingText.rows(topic.settings(), topic.ownSettings()));
    printer.one(detail, d -> text(d, printer.wide()));
  }

  /** Offsets by partition; none, and a note, while a partition has no leader who could tell. */
  private Map<Integer, Long> offsets(Admin admin, StartPosition position, Printer printer) {
    Map<Integer, Long> offsets = new HashMap<>();
    try {
      for (PartitionOffsetInfo info : admin.listOffsets(name, position)) {
        if (info.offset() != null) {
          offsets.put(info.partition(), info.offset());
        }
      }
    } catch (FlotillaClientException e) {
      if (e.kind() == Kind.REFUSED) {
        throw e;
      }
      printer.terminal().note("note: offsets are not known now: " + e.getMessage());
    }
    return offsets;
  }

  private static PartitionRow row(
      PartitionDescription partition, Map<Integer, Long> starts, Map<Integer, Long> ends) {
    return new PartitionRow(
        partition.partition(),
        partition.group(),
        partition.replicas(),
        partition.leader() == null ? null : partition.leader().nodeId(),
        partition.leader() == null ? null : partition.leader().term(),
        starts.get(partition.partition()),
        ends.get(partition.partition()));
  }

  private List<String> text(TopicDetail topic, boolean wide) {
    List<String> lines = new ArrayList<>();
    lines.add("topic     " + topic.name() + " (id " + topic.topicId() + ")");
    lines.add(
        "size      "
            + Text.count(topic.partitionCount(), "partition")
            + ", "
            + Text.count(topic.replicationFactor(), "replica")
            + " each");
    lines.add("created   " + Text.time(topic.created(), utc()));
    for (TopicDetail.SettingRow setting : topic.settings()) {
      lines.add(
          "setting   " + setting.name() + "=" + setting.value() + " (" + setting.source() + ")");
    }
    lines.add("");
    Table<PartitionRow> table =
        new Table<PartitionRow>()
            .number("PARTITION", PartitionRow::partition)
            .number("LEADER", row -> orNone(row.leader()))
            .number("TERM", row -> orNone(row.term()))
            .text("REPLICAS", row -> numbers(row.replicas()))
            .number("GROUP", row -> String.valueOf(row.group()))
            .number("LOG START", row -> orNone(row.logStart()))
            .number("END", row -> orNone(row.end()))
            .number("EVENTS", TopicDescribeCommand::events);
    lines.addAll(table.render(topic.partitions(), wide));
    return lines;
  }

  private static Object events(PartitionRow row) {
    return row.logStart() == null || row.end() == null ? Text.NONE : row.end() - row.logStart();
  }

  private static Object orNone(@Nullable Object value) {
    return value == null ? Text.NONE : value;
  }

  private static String numbers(List<Integer> nodes) {
    return nodes.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
