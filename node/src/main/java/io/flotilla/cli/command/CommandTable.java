package io.flotilla.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A group of commands: their names, one sentence each, and how to make them. A command line is
 * built for the words that were typed only, because reading the annotations of all commands takes
 * longer than most commands do. Immutable once it is filled.
 */
public final class CommandTable {

  /** Beside the word itself: build all, as help and tests need it. */
  public static final List<String> EVERYTHING = List.of("*");

  private static final List<String> HELP = List.of("-h", "--help");

  /** A command, or a group below. */
  private record Entry(String name, String sentence, Supplier<Object> maker) {}

  private final List<String> examples;
  private final List<String> seeAlso;
  private final List<Entry> entries = new ArrayList<>();
  private @Nullable String unsaid;

  public CommandTable(List<String> examples, List<String> seeAlso) {
    this.examples = examples;
    this.seeAlso = seeAlso;
  }

  /** Adds a command, or a group: the maker makes either. */
  public CommandTable with(String command, String does, Supplier<Object> maker) {
    entries.add(new Entry(command, does, maker));
    return this;
  }

  /** The command that is meant where the word behind the group is none of them. */
  public CommandTable unsaid(String command) {
    unsaid = command;
    return this;
  }

  /** The words with the command that goes without saying, where it was not said. */
  public List<String> spelledOut(List<String> words) {
    String first = words.isEmpty() ? "" : words.get(0);
    Entry named =
        entries.stream().filter(entry -> entry.name().equals(first)).findFirst().orElse(null);
    List<String> all = new ArrayList<>(words);
    if (named != null) {
      if (named.maker().get() instanceof CommandTable group) {
        List<String> behind = words.subList(1, words.size());
        all.subList(1, all.size()).clear();
        all.addAll(group.spelledOut(behind));
      }
    } else if (unsaid != null && !HELP.contains(first)) {
      all.add(0, unsaid);
    }
    return all;
  }

  List<String> examples() {
    return examples;
  }

  List<String> seeAlso() {
    return seeAlso;
  }

  /** The parser for these words; commands that they do not name are there in name only. */
  public CommandLine build(List<String> words) {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Shows this help.").build());
    CommandLine group = new CommandLine(spec);
    boolean all = words.equals(EVERYTHING);
    for (Entry entry : entries) {
      boolean named = !words.isEmpty() && words.get(0).equals(entry.name());
      group.addSubcommand(entry.name(), all || named ? full(entry, words, all) : stub(entry));
    }
    return group;
  }

  private static CommandLine full(Entry entry, List<String> words, boolean all) {
    Object made = entry.maker().get();
    CommandLine command;
    if (made instanceof CommandTable group) {
      command = group.build(all ? EVERYTHING : words.subList(1, words.size()));
    } else {
      command = new CommandLine(made);
    }
    command.getCommandSpec().name(entry.name()).usageMessage().description(entry.sentence());
    return command;
  }

  private static CommandLine stub(Entry entry) {
    CommandSpec spec = CommandSpec.create().name(entry.name());
    spec.usageMessage().description(entry.sentence());
    return new CommandLine(spec);
  }
}
