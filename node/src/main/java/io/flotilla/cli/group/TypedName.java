package io.flotilla.cli.group;

import io.flotilla.cli.error.CliException;
import io.flotilla.cli.output.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Makes sure that something dangerous is meant: the name of what it is done to has to be typed.
 *
 * @param group the consumer group
 * @param verb what is done to it, such as "delete"
 * @param participle that, done
 */
record TypedName(String group, String verb, String participle) {

  /** Before anything is asked: there must be somebody to ask. */
  void requireSomebody(Terminal terminal) {
    if (!terminal.inIsTerminal()) {
      throw CliException.usage(
          "cannot " + verb + " consumer group \"" + group + "\" without being sure",
          "standard input is not a terminal, so nobody can be asked",
          "add --yes, or --dry-run to look first");
    }
  }

  void ask(Terminal terminal) throws IOException {
    terminal.note("Type its name to go on:");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
    if (!group.equals(in.readLine())) {
      throw CliException.local(
          "consumer group \"" + group + "\" was not " + participle,
          "its name was not typed",
          "run the command again if you mean it");
    }
  }
}
