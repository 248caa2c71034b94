package io.flotilla.cli.command;

import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Terminal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * How every help looks: one sentence, usage, examples, then the flags in groups, exit codes, see
 * also. Stateless.
 */
public final class HelpLayout {

  private static final String EXAMPLES = "flotillaExamples";
  private static final String EXIT_CODES = "flotillaExitCodes";
  private static final String SEE_ALSO = "flotillaSeeAlso";

  private static final List<String> SECTIONS =
      List.of(
          UsageMessageSpec.SECTION_KEY_DESCRIPTION,
          UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
          UsageMessageSpec.SECTION_KEY_SYNOPSIS,
          EXAMPLES,
          UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
          UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
          UsageMessageSpec.SECTION_KEY_PARAMETER_LIST_HEADING,
          UsageMessageSpec.SECTION_KEY_PARAMETER_LIST,
          UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING,
          UsageMessageSpec.SECTION_KEY_OPTION_LIST,
          UsageMessageSpec.SECTION_KEY_FOOTER,
          EXIT_CODES,
          SEE_ALSO);

  private HelpLayout() {}

  /** Sets the layout of a command and of everything below it. */
  public static void apply(CommandLine command, Terminal terminal) {
    Map<String, IHelpSectionRenderer> renderers = new LinkedHashMap<>(command.getHelpSectionMap());
    renderers.put(EXAMPLES, help -> examples(command, help));
    renderers.put(EXIT_CODES, help -> exitCodes());
    renderers.put(SEE_ALSO, help -> seeAlso(command));
    command.setHelpSectionMap(renderers);
    command.setHelpSectionKeys(SECTIONS);
    command
        .getCommandSpec()
        .usageMessage()
        .width(terminal.columns())
        .abbreviateSynopsis(true)
        .synopsisHeading("%nUsage: ")
        .commandListHeading("%nCommands:%n")
        .parameterListHeading("%nArguments:%n")
        .optionListHeading("%nOptions:%n")
        .sortOptions(false);
    command.getSubcommands().values().forEach(each -> apply(each, terminal));
  }

  /** The example command lines of a command. */
  public static List<String> examplesOf(CommandLine command) {
    Object user = command.getCommandSpec().userObject();
    if (user instanceof CommandTable group) {
      return group.examples();
    }
    Examples examples = user.getClass().getAnnotation(Examples.class);
    return examples == null ? List.of() : Arrays.asList(examples.value());
  }

  private static String examples(CommandLine command, Help help) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("Examples:");
    for (String example : examplesOf(command)) {
      lines.add("  " + help.colorScheme().commandText(example));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String exitCodes() {
    StringBuilder text = new StringBuilder("\nExit codes:\n");
    for (ExitCode code : ExitCode.values()) {
      // Not by String.format: a number in it makes Java read its locale data, 30 ms.
      String number = String.valueOf(code.number());
      text.append("  ").append(" ".repeat(3 - number.length())).append(number);
      text.append("  ").append(code.meaning()).append('\n');
    }
    return text.toString();
  }

  private static String seeAlso(CommandLine command) {
    List<String> others = seeAlsoOf(command);
    return others.isEmpty() ? "" : "\nSee also: " + String.join(", ", others) + "\n";
  }

  private static List<String> seeAlsoOf(CommandLine command) {
    Object user = command.getCommandSpec().userObject();
    if (user instanceof CommandTable group) {
      return group.seeAlso();
    }
    Examples examples = user.getClass().getAnnotation(Examples.class);
    return examples == null ? List.of() : Arrays.asList(examples.seeAlso());
  }
}
