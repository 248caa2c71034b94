package io.flotilla.cli.cluster;

import io.flotilla.cli.cluster.ClusterDetail.NodeRow;
import io.flotilla.cli.cluster.ClusterDetail.ReplicaRow;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.command.LookAction;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Table;
import io.flotilla.cli.output.Text;
import io.flotilla.client.FlotillaClient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code flotilla cluster describe}. */
@Command
@Examples(
    value = {
      "flotilla cluster describe",
      "flotilla cluster describe -s localhost:9105 -o wide",
      "flotilla cluster describe --watch"
    },
    seeAlso = {"flotilla topic describe"})
final class ClusterDescribeCommand extends LookAction {

  @Override
  public Shape shape() {
    return Shape.one(ClusterDetail.class);
  }

  @Override
  protected String intent() {
    return "describe the cluster";
  }

  @Override
  protected void look(FlotillaClient client, Printer printer) {
    ClusterDetail cluster = ClusterDetail.of(client.admin().describeCluster(true));
    printer.one(cluster, c -> text(c, printer.wide()));
  }

  private static List<String> text(ClusterDetail cluster, boolean wide) {
    List<String> lines = new ArrayList<>();
    lines.add("cluster    " + cluster.clusterId());
    lines.add("metadata   " + metadata(cluster));
    lines.add(
        "topics     "
            + Text.count(cluster.topics())
            + " with "
            + Text.count(cluster.partitions(), "partition"));
    lines.add("answered   by node " + cluster.answeredBy());
    lines.add("");
    lines.addAll(nodes().render(cluster.nodes(), wide));
    if (!cluster.replicas().isEmpty()) {
      lines.add("");
      lines.addAll(replicas().render(cluster.replicas(), wide));
    }
    return lines;
  }

  private static String metadata(ClusterDetail cluster) {
    String leader =
        cluster.metadataLeader() == null
            ? "no leader is known"
            : "led by node " + cluster.metadataLeader() + " in term " + cluster.metadataTerm();
    return leader + ", revision " + cluster.revision();
  }

  private static Table<NodeRow> nodes() {
    return new Table<NodeRow>()
        .number("NODE", NodeRow::node)
        .text("ADDRESS", NodeRow::address)
        .text("STATE", NodeRow::state)
        .number("LEADERS", NodeRow::leaders)
        .number("REPLICAS", NodeRow::replicas)
        .text("DISK", row -> orNone(row.disk()))
        .number("FREE", ClusterDescribeCommand::free)
        .text("VERSION", NodeRow::version)
        .wideText("RACK", row -> orNone(row.rack()))
        .wideText("INCARNATION", NodeRow::incarnation);
  }

  private static Object free(NodeRow node) {
    Long bytes = node.diskFreeBytes();
    return bytes == null ? Text.NONE : Text.bytes(bytes);
  }

  private static Table<ReplicaRow> replicas() {
    return new Table<ReplicaRow>()
        .text("TOPIC", ReplicaRow::topic)
        .number("PARTITION", ReplicaRow::partition)
        .number("NODE", ReplicaRow::node)
        .text("ROLE", ReplicaRow::role)
        .number("TERM", row -> orNone(row.term()))
        .number("LOG START", row -> orNone(row.logStart()))
        .number("END", row -> orNone(row.end()))
        .number("LAG EVENTS", row -> orNone(row.lagEvents()))
        .wideNumber("APPLIED INDEX", row -> orNone(row.appliedIndex()));
  }

  private static Object orNone(@Nullable Object value) {
    return value == null ? Text.NONE : value;
  }
}
