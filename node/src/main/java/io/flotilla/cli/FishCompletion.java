package io.flotilla.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Fish's completion of all commands and options: a line for each, with its sentence, offered once
 * the words before it have been typed. Stateless.
 */
final class FishCompletion {

  private FishCompletion() {}

  static String script(CommandLine root) {
    List<String> lines = new ArrayList<>();
    add(root, List.of(), lines);
    return String.join("\n", lines) + "\n";
  }

  private static void add(CommandLine command, List<String> words, List<String> lines) {
    var below = command.getSubcommands();
    for (CommandLine each : below.values()) {
      lines.add(line(command, words) + " -f -a " + each.getCommandName() + describe(each));
    }
    for (OptionSpec option : command.getCommandSpec().options()) {
      lines.add(line(command, words) + names(option) + describe(option.description()));
    }
    for (CommandLine each : below.values()) {
      List<String> longer = new ArrayList<>(words);
      longer.add(each.getCommandName());
      add(each, longer, lines);
    }
  }

  /** All words of the command are there, and none of a command below it yet. */
  private static String line(CommandLine command, List<String> words) {
    List<String> conditions = new ArrayList<>();
    words.forEach(word -> conditions.add("__fish_seen_subcommand_from " + word));
    if (!command.getSubcommands().isEmpty()) {
      String below = String.join(" ", command.getSubcommands().keySet());
      conditions.add("not __fish_seen_subcommand_from " + below);
    }
    return "complete -c flotilla -n '" + String.join("; and ", conditions) + "'";
  }

  private static String names(OptionSpec option) {
    StringBuilder names = new StringBuilder();
    for (String name : option.names()) {
      names.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    return names + (option.arity().max() > 0 ? " -r" : "");
  }

  private static String describe(CommandLine command) {
    return describe(command.getCommandSpec().usageMessage().description());
  }

  private static String describe(String... sentences) {
    String text = String.join(" ", sentences);
    return " -d '" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
