package io.flotilla.cli;

import io.flotilla.cli.error.CliException;
import io.flotilla.cli.output.Format;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line, and what was probably meant. Stateless. */
final class UsageErrors {

  private UsageErrors() {}

  static CliException of(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String help = name + " --help";
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched, command, name, help);
    }
    return CliException.usage(
        "cannot run \"" + name + "\": " + firstLine(String.valueOf(e.getMessage())),
        "the command line does not fit the command",
        help);
  }

  /** A group such as {@code topic} was named without what to do. */
  static CliException verbMissing(CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    String verbs = String.join(", ", command.getSubcommands().keySet());
    return CliException.usage(
        "cannot run \"" + name + "\": it needs a verb",
        "its verbs are: " + verbs,
        name + " --help");
  }

  /** The format asked for, as far as it can be read off a line that did not parse. */
  static Format formatOf(String[] args) {
    for (int i = 0; i < args.length; i++) {
      Optional<Format> format = Optional.empty();
      if ((args[i].equals("-o") || args[i].equals("--output")) && i + 1 < args.length) {
        format = Format.parse(args[i + 1]);
      } else if (args[i].startsWith("--output=")) {
        format = Format.parse(args[i].substring("--output=".length()));
      } else if (args[i].startsWith("-o")) {
        format = Format.parse(args[i].substring(2));
      }
      if (format.isPresent()) {
        return format.get();
      }
    }
    return Format.TABLE;
  }

  private static CliException unmatched(
      UnmatchedArgumentException e, CommandLine command, String name, String help) {
    String word = e.getUnmatched().get(0);
    boolean option = word.startsWith("-");
    boolean group = !command.getSubcommands().isEmpty();
    List<String> near = e.getSuggestions();
    String nearest =
        near.isEmpty()
            ? help
            : "did you mean: " + name + " " + near.get(0) + "    (or: " + help + ")";
    if (option) {
      return CliException.usage(
          "unknown option \"" + word + "\"", "\"" + name + "\" has no such option", nearest);
    }
    if (group) {
      return CliException.usage(
          "unknown command \"" + word + "\"",
          "\"" + name + "\" knows: " + String.join(", ", command.getSubcommands().keySet()),
          nearest);
    }
    return CliException.usage(
        "unexpected argument \"" + word + "\"", "\"" + name + "\" takes no more arguments", help);
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
