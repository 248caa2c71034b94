package io.flotilla.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An example that a help shows: its words as a shell would hand them on, and its kind. */
record HelpExample(String text) {
  /** How an example is run. */
  enum Kind {
    /** It ends by itself and needs a cluster at most. */
    ANSWERS,
    /** It goes on showing something until it is stopped. */
    GOES_ON,
    /** It is a cluster, or a node, until it is stopped. */
    NODES,
    /** It starts a cluster of its own, kills a leader, and ends. */
    THROW_AWAY
  }

  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)");
  private static final Pattern ECHO = Pattern.compile("echo '([^']*)' \\| (.*)");
  private static final String PROGRAM = "flotilla ";

  /** What makes a measurement short; all else of it stays as it is printed. */
  private static final Map<String, Map<String, String>> SHORT =
      Map.of(
          "bench publish", Map.of("--warm-up", "100ms", "--duration", "500ms"),
          "bench latency", Map.of("--warm-up", "100ms", "--duration", "500ms"),
          "bench end-to-end", Map.of("--warm-up", "100ms", "--duration", "500ms"),
          "bench subscribe", Map.of("--rounds", "1"),
          "bench partitions", Map.of("--count", "3", "--rest", "100ms"),
          "bench failover", Map.of("--kills", "1"));

  /** Those that {@code flotilla examples -o json} lists, each once. */
  static List<HelpExample> all(String json) throws IOException {
    List<HelpExample> all = new ArrayList<>();
    for (JsonNode row : new ObjectMapper().readTree(json)) {
      all.add(new HelpExample(row.get("example").asText()));
    }
    return all.stream().distinct().toList();
  }

  Kind kind() {
    List<String> words = words();
    return switch (words.get(0)) {
      case "up", "node" -> Kind.NODES;
      case "demo" -> Kind.THROW_AWAY;
      case "bench" -> words.get(1).equals("failover") ? Kind.THROW_AWAY : Kind.ANSWERS;
      case "subscribe", "top" -> ends(words) ? Kind.ANSWERS : Kind.GOES_ON;
      default -> words.contains("--watch") ? Kind.GOES_ON : Kind.ANSWERS;
    };
  }

  private static boolean ends(List<String> words) {
    return words.contains("--max") || words.contains("--until-end");
  }

  /** The words of the command: behind a pipe and behind variables. */
  List<String> words() {
    Matcher echo = ECHO.matcher(text);
    String command = echo.matches() ? echo.group(2) : text;
    return WORD.matcher(command.substring(command.indexOf(PROGRAM) + PROGRAM.length()))
        .results()
        .map(HelpExample::text)
        .toList();
  }

  private static String text(MatchResult word) {
    for (int group = 1; group <= word.groupCount(); group++) {
      if (word.group(group) != null) {
        return word.group(group);
      }
    }
    throw new IllegalArgumentException("no word: " + word.group());
  }

  /** What it pipes into the command, or else this. */
  String inputOr(String typed) {
    Matcher echo = ECHO.matcher(text);
    return echo.matches() ? echo.group(1) + "\n" : typed;
  }

  /** The same with something in the place of what it names. */
  HelpExample with(String printed, String real) {
    return new HelpExample(text.replace(printed, real));
  }

  /** A measurement that takes a second; anything else as it is. */
  HelpExample shortened() {
    List<String> words = words();
    String command = String.join(" ", words.subList(0, Math.min(2, words.size())));
    String shorter = text;
    for (Map.Entry<String, String> option : SHORT.getOrDefault(command, Map.of()).entrySet()) {
      String wanted = option.getKey() + " " + option.getValue();
      Matcher printed = Pattern.compile(option.getKey() + " \\S+").matcher(shorter);
      shorter = printed.find() ? printed.replaceFirst(wanted) : shorter + " " + wanted;
    }
    return new HelpExample(shorter);
  }
}
