package io.flotilla.cli;

import io.flotilla.cli.bench.BenchCommand;
import io.flotilla.cli.cluster.ClusterCommand;
import io.flotilla.cli.command.CommandTable;
import io.flotilla.cli.command.HelpLayout;
import io.flotilla.cli.demo.DemoCommand;
import io.flotilla.cli.doctor.DoctorCommand;
import io.flotilla.cli.generate.GenerateCommand;
import io.flotilla.cli.group.GroupCommand;
import io.flotilla.cli.local.NodeCommand;
import io.flotilla.cli.local.UpCommand;
import io.flotilla.cli.output.Terminal;
import io.flotilla.cli.profile.ProfileCommand;
import io.flotilla.cli.publish.PublishCommand;
import io.flotilla.cli.search.GetCommand;
import io.flotilla.cli.search.SearchCommand;
import io.flotilla.cli.subscribe.SubscribeCommand;
import io.flotilla.cli.top.TopCommand;
import io.flotilla.cli.topic.TopicCommand;
import io.flotilla.cli.verify.VerifyCommand;
import java.util.List;
import picocli.CommandLine;

/**
 * The table of all commands, and the parser made of it. Stateless. Lambdas, not constructor
 * references: the latter load their class as soon as the table is made.
 */
final class FlotillaCommand {

  /** Commands that look at all commands. */
  private static final List<String> ABOUT_ALL = List.of("help", "examples", "completion");

  private FlotillaCommand() {}

  /** What was typed, in full: {@code explain REASON} is {@code explain error REASON}. */
  static List<String> spelledOut(String... args) {
    return table().spelledOut(List.of(args));
  }

  /** The parser for these words. */
  static CommandLine parser(List<String> words, Terminal terminal) {
    boolean all = !words.isEmpty() && ABOUT_ALL.contains(words.get(0));
    CommandLine root = table().build(all ? CommandTable.EVERYTHING : words);
    root.getCommandSpec()
        .name("flotilla")
        .usageMessage()
        .description("Runs and uses Flotilla, a clustered event broker.");
    HelpLayout.apply(root, terminal);
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setExpandAtFiles(false);
    return root;
  }

  private static CommandTable table() {
    return new CommandTable(
            List.of(
                "flotilla demo",
                "flotilla up --dev",
                "flotilla topic create orders --partitions 3"),
            List.of("flotilla help COMMAND"))
        .with(
            "demo",
            "Starts three nodes, publishes, kills a leader: no event is lost or doubled.",
            () -> new DemoCommand())
        .with("up", "Starts a cluster on this machine and keeps it up.", () -> new UpCommand())
        .with(
            "node",
            "Runs one node in this process, until SIGTERM or Ctrl-C.",
            () -> new NodeCommand())
        .with(
            "publish",
            "Publishes events: the lines of a file or of standard input, or one given by --value.",
            () -> new PublishCommand())
        .with(
            "subscribe",
            "Shows the events of a topic: those that are stored, then live, until Ctrl-C.",
            () -> new SubscribeCommand())
        .with("get", "Shows one event, with everything that it has.", () -> new GetCommand())
        .with(
            "search",
            "Finds events by key, header, content or time, and says where it has looked.",
            () -> new SearchCommand())
        .with("topic", "Creates, lists, describes and deletes topics.", () -> TopicCommand.table())
        .with(
            "group",
            "Lists, describes, moves and deletes consumer groups.",
            () -> GroupCommand.table())
        .with("cluster", "Looks at the cluster as a whole.", () -> ClusterCommand.table())
        .with(
            "top",
            "Shows live what nodes, topics and consumer groups do; q quits.",
            () -> new TopCommand())
        .with(
            "verify", "Compares all replicas of a topic, byte by byte.", () -> new VerifyCommand())
        .with(
            "doctor",
            "Says what is wrong with a cluster, and what to do about it.",
            () -> new DoctorCommand())
        .with(
            "bench",
            "Measures throughput, latency, fail-over and partitions.",
            () -> BenchCommand.table())
        .with(
            "profile",
            "Keeps servers, time limits and output under names, and chooses among them.",
            () -> ProfileCommand.table())
        .with("help", "Shows the help of a command, as its --help does.", () -> new HelpCommand())
        .with(
            "examples",
            "Shows the examples of all commands, or of one.",
            () -> new ExamplesCommand())
        .with(
            "explain",
            "Explains a partition, a consumer group or an error: what is wrong and what to do.",
            () -> ExplainCommand.table())
        .with(
            "generate",
            "Writes files for the tools beside a cluster: Grafana and Prometheus.",
            () -> GenerateCommand.table())
        .with(
            "completion",
            "Writes a script with which bash, zsh or fish completes commands and options.",
            () -> new CompletionCommand())
        .with(
            "version",
            "Shows the version of this program and of its Java.",
            () -> new VersionCommand());
  }
}
