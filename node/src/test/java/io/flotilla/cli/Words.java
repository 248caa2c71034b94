package io.flotilla.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of an example as a shell would hand them to the program. */
final class Words {

  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  private Words() {}

  /** Without what stands before a pipe, environment settings, and the program's name. */
  static String[] of(String example) {
    String command = example.substring(example.lastIndexOf('|') + 1);
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(command);
    while (matcher.find()) {
      words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
    int program = words.indexOf("flotilla");
    return words.subList(program + 1, words.size()).toArray(String[]::new);
  }
}
