package io.flotilla.cli;

import io.flotilla.cli.command.Action;
import io.flotilla.cli.output.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParseResult;

/**
 * A command line as a document writes it, held against the parser of the program. Words in capitals
 * ({@code TOPIC}, {@code PARTITION@OFFSET}) stand for any value that the parser takes there, {@code
 * list|use} for each of its words, {@code …} for whatever is missing. Of several commands in a pipe
 * the last of ours is read; behind {@code #}, {@code &&}, {@code ;} or {@code >} nothing is. A
 * mention, within a sentence, may leave out what is required, but not name what does not exist; a
 * line to copy is complete.
 */
public final class WrittenCommand {

  /** Behind a pipe or variables, by name or a path upwards; or what a container is to run. */
  private static final Pattern PROGRAM =
      Pattern.compile(
          "^(?:.*\\| +)?(?:[A-Z_]+=\\S+ +)*"
              + "(?:(?:\\.{1,2}/)*flotilla|docker run .*flotilla/flotilla(?::\\S+)?) +(\\S.*)$");

  private static final Pattern WORD =
      Pattern.compile("(#.*)|(&&|[|;>]+(?=\\s|$))|((?:'[^']*'|\"[^\"]*\"|[^\\s'\";])+)");
  private static final int COMMENT = 1;
  private static final int END = 2;

  private static final Pattern PLACEHOLDER = Pattern.compile("[A-Z][A-Z0-9_]*([@:=/-][A-Z0-9_]+)*");
  private static final List<String> LEFT_OUT = List.of("…", "...");

  /** One for each kind of value that the program knows. */
  private static final List<String> SAMPLES =
      List.of("a", "1", "1s", "a=b", "0@0", "a/1", "localhost:9095", "json", "earliest");

  private WrittenCommand() {}

  /**
   * What is wrong with a line of a document.
   *
   * @param complete a line to copy, not a mention
   * @return empty: it parses, or is no command of ours
   */
  public static Optional<String> fault(String line, boolean complete) {
    if (!isOurs(line)) {
      return Optional.empty();
    }
    List<List<String>> readings = List.of(List.of());
    boolean whole = complete;
    for (String word : words(line)) {
      if (LEFT_OUT.contains(word)) {
        whole = false;
      } else {
        readings = extended(readings, word);
      }
    }
    Optional<String> fault = Optional.empty();
    for (List<String> reading : readings) {
      fault = faultOfReading(reading, whole);
      if (fault.isPresent()) {
        return fault.map(text -> "\"" + line.strip() + "\": " + text);
      }
    }
    return fault;
  }

  /** It is a command line of this program. */
  public static boolean isOurs(String line) {
    return PROGRAM.matcher(line.strip()).matches();
  }

  private static List<String> words(String line) {
    Matcher program = PROGRAM.matcher(line.strip());
    if (!program.matches()) {
      throw new IllegalArgumentException("no command of ours: " + line);
    }
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(program.group(1));
    while (word.find() && word.group(COMMENT) == null && word.group(END) == null) {
      words.add(word.group());
    }
    return words;
  }

  private static List<List<String>> extended(List<List<String>> readings, String word) {
    boolean quoted = word.indexOf('\'') >= 0 || word.indexOf('"') >= 0;
    List<String> alternatives =
        quoted ? List.of(word.replaceAll("['\"]", "")) : List.of(word.split("\\|", -1));
    List<List<String>> longer = new ArrayList<>();
    for (List<String> reading : readings) {
      for (String alternative : alternatives) {
        List<String> one = new ArrayList<>(reading);
        one.add(alternative);
        longer.add(one);
      }
    }
    return longer;
  }

  /** With the first sample in each placeholder's place that suits; what is wrong if none does. */
  private static Optional<String> faultOfReading(List<String> words, boolean whole) {
    for (int i = 0; i < words.size(); i++) {
      if (PLACEHOLDER.matcher(words.get(i)).matches()) {
        Optional<String> fault = Optional.empty();
        for (String sample : SAMPLES) {
          List<String> filled = new ArrayList<>(words);
          filled.set(i, sample);
          fault = faultOfReading(filled, whole);
          if (fault.isEmpty()) {
            return fault;
          }
        }
        return fault;
      }
    }
    return parse(words, whole);
  }

  private static Optional<String> parse(List<String> words, boolean whole) {
    CommandLine root = FlotillaCommand.parser(words, Terminal.system());
    collectErrors(root);
    ParseResult parsed = root.parseArgs(words.toArray(String[]::new));
    while (true) {
      for (Exception error : parsed.errors()) {
        if (whole || !(error instanceof MissingParameterException)) {
          return Optional.of(String.valueOf(error.getMessage()));
        }
      }
      if (!parsed.hasSubcommand()) {
        break;
      }
      parsed = parsed.subcommand();
    }
    boolean runs = parsed.commandSpec().userObject() instanceof Action;
    return runs || !whole ? Optional.empty() : Optional.of("a verb is missing");
  }

  private static void collectErrors(CommandLine command) {
    command.getCommandSpec().parser().collectErrors(true);
    command.getSubcommands().values().forEach(WrittenCommand::collectErrors);
  }
}
