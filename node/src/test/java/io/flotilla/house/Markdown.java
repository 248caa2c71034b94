package io.flotilla.house;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a document in Markdown links to, what can be linked to in it, and its code: as much of the
 * language as the house writes, which is headings with #, fences, code spans, inline links, link
 * definitions and HTML's href, src, id and name. Immutable.
 */
record Markdown(List<Found> links, Set<String> anchors, List<Found> mentions, List<Found> lines) {

  /** A piece of the document and the line on which it begins, from 1. */
  record Found(int line, String text) {}

  private static final Pattern FENCE = Pattern.compile("^\\s*(```+|~~~+)");
  private static final Pattern HEADING = Pattern.compile("^#{1,6}\\s+(.*?)\\s*#*$");
  private static final Pattern SPAN =
      Pattern.compile("(?s)(?<!`)(`+)(?!`)((?:(?!\n\\s*\n).)+?)(?<!`)\\1(?!`)");
  private static final Pattern LINK =
      Pattern.compile(
          "\\]\\(\\s*<?([^()\\s<>]+)>?(?:\\s+\"[^\"]*\")?\\s*\\)"
              + "|(?m:^\\s*\\[[^\\]]+\\]:\\s+<?(\\S+?)>?(?:\\s|$))"
              + "|(?:href|src)=\"([^\"]+)\"");
  private static final Pattern PLACE = Pattern.compile("\\b(?:id|name)=\"([^\"]+)\"");
  private static final Pattern LINK_TEXT = Pattern.compile("!?\\[([^\\]]*)\\]\\([^)]*\\)");
  private static final Pattern NOT_IN_A_SLUG = Pattern.compile("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]");

  /** Reads a document. */
  static Markdown of(String text) {
    List<Found> code = new ArrayList<>();
    Set<String> anchors = new LinkedHashSet<>();
    Map<String, Integer> seen = new HashMap<>();
    StringBuilder outside = new StringBuilder();
    String fence = "";
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      Matcher mark = FENCE.matcher(line);
      boolean marks = mark.find() && (fence.isEmpty() || mark.group(1).startsWith(fence));
      if (marks) {
        fence = fence.isEmpty() ? mark.group(1) : "";
      } else if (!fence.isEmpty()) {
        code.add(new Found(number, line));
      } else {
        Matcher heading = HEADING.matcher(line);
        if (heading.find()) {
          String slug = slug(heading.group(1));
          int before = seen.merge(slug, 1, Integer::sum) - 1;
          anchors.add(before == 0 ? slug : slug + "-" + before);
        }
        outside.append(line);
      }
      outside.append('\n');
    }
    List<Found> mentions = new ArrayList<>();
    String prose = withoutSpans(outside.toString(), mentions);
    PLACE.matcher(prose).results().forEach(place -> anchors.add(place.group(1)));
    return new Markdown(links(prose), anchors, mentions, code);
  }

  /** A name for a heading, as GitHub makes it. */
  static String slug(String heading) {
    String text = LINK_TEXT.matcher(heading).replaceAll("$1");
    return NOT_IN_A_SLUG
        .matcher(text.toLowerCase(Locale.ROOT))
        .replaceAll("")
        .strip()
        .replace(' ', '-');
  }

  /** Blanks take the place of code, so that lines keep their numbers. */
  private static String withoutSpans(String text, List<Found> spans) {
    return SPAN.matcher(text)
        .replaceAll(
            span -> {
              spans.add(new Found(lineOf(text, span.start()), oneLine(span.group(2))));
              return span.group().replaceAll("[^\n]", " ");
            });
  }

  private static String oneLine(String span) {
    return span.strip().replaceAll("\\s+", " ");
  }

  private static List<Found> links(String prose) {
    List<Found> links = new ArrayList<>();
    Matcher link = LINK.matcher(prose);
    while (link.find()) {
      for (int group = 1; group <= link.groupCount(); group++) {
        if (link.group(group) != null) {
          links.add(new Found(lineOf(prose, link.start(group)), link.group(group)));
        }
      }
    }
    return links;
  }

  private static int lineOf(String text, int offset) {
    return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
  }
}
