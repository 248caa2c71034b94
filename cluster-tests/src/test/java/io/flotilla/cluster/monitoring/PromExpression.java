package io.flotilla.cluster.monitoring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which metrics and labels a PromQL expression names. Knows enough of the language to find them and
 * to refuse what it does not know; whether an expression makes sense is for promtool to say.
 * Confined.
 */
final class PromExpression {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s+|(\"(?:[^\"\\\\]|\\\\.)*\")|(\\[[^\\]]*])|([a-zA-Z_:][a-zA-Z0-9_:]*)"
              + "|([0-9.]+[a-z]*)|(=~|!~|!=|==|>=|<=|[-+*/%^=<>(){},])");
  private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset");
  private static final Set<String> GROUPINGS = Set.of("by", "without", "on", "ignoring");
  private static final Set<String> FUNCTIONS =
      Set.of(
          "sum",
          "min",
          "max",
          "avg",
          "count",
          "rate",
          "increase",
          "deriv",
          "predict_linear",
          "histogram_quantile",
          "max_over_time",
          "min_over_time");

  /** A metric, and which values of its labels are asked for: label to operator and value. */
  record Selector(String metric, Map<String, String> matchers) {}

  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private final List<Selector> selectors = new ArrayList<>();
  private final Set<String> groupings = new LinkedHashSet<>();
  private int at;

  private PromExpression(String text) {
    this.text = text;
  }

  static PromExpression of(String text) {
    PromExpression expression = new PromExpression(text);
    expression.split();
    expression.read();
    return expression;
  }

  /** The metrics. */
  List<Selector> selectors() {
    return selectors;
  }

  /** Labels that something is summed or matched by. */
  Set<String> groupings() {
    return groupings;
  }

  private void split() {
    Matcher token = TOKEN.matcher(text);
    int end = 0;
    while (token.find() && token.start() == end) {
      end = token.end();
      if (!token.group().isBlank() && token.group(2) == null) { // A range names nothing.
        tokens.add(token.group());
      }
    }
    if (end != text.length()) {
      throw fault("cannot go on at \"" + text.substring(end) + "\"");
    }
  }

  private void read() {
    int open = 0;
    while (at < tokens.size()) {
      String token = tokens.get(at++);
      if (token.equals("(")) {
        open++;
      } else if (token.equals(")") && --open < 0) {
        throw fault("a bracket is closed that was not opened");
      } else if (GROUPINGS.contains(token)) {
        groupings.addAll(names());
      } else if (Character.isLetter(token.charAt(0)) && !OPERATORS.contains(token)) {
        name(token);
      }
    }
    if (open != 0 || selectors.isEmpty()) {
      throw fault("brackets stay open, or nothing is asked for");
    }
  }

  private void name(String token) {
    String next = at < tokens.size() ? tokens.get(at) : "";
    if (next.equals("(") || (GROUPINGS.contains(next) && FUNCTIONS.contains(token))) {
      if (!FUNCTIONS.contains(token)) {
        throw fault("unknown function " + token);
      }
      return;
    }
    Map<String, String> matchers = new LinkedHashMap<>();
    if (next.equals("{")) {
      at++;
      while (!tokens.get(at).equals("}")) {
        String value = tokens.get(at + 2);
        matchers.put(tokens.get(at), tokens.get(at + 1) + value.substring(1, value.length() - 1));
        at += tokens.get(at + 3).equals(",") ? 4 : 3;
      }
      at++;
    }
    selectors.add(new Selector(token, matchers));
  }

  private List<String> names() {
    int close = at + tokens.subList(at, tokens.size()).indexOf(")");
    List<String> names =
        tokens.subList(at + 1, close).stream().filter(name -> !name.equals(",")).toList();
    at = close + 1;
    return names;
  }

  private IllegalArgumentException fault(String why) {
    return new IllegalArgumentException(why + ": " + text);
  }
}
