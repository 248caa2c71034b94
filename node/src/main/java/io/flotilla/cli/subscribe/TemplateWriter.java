package io.flotilla.cli.subscribe;

import io.flotilla.cli.error.CliException;
import io.flotilla.cli.output.Json;
import io.flotilla.cli.output.Terminal;
import io.flotilla.client.Header;
import io.flotilla.client.ReceivedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A line of the user's own form, with fields in double braces. Read once, then only filled in. */
final class TemplateWriter implements EventWriter {

  private static final Pattern FIELD = Pattern.compile("\\{\\{\\s*([^}]*?)\\s*}}");

  private final List<Function<ReceivedEvent, String>> parts = new ArrayList<>();
  private final Terminal terminal;

  TemplateWriter(String template, Terminal terminal) {
    this.terminal = terminal;
    Matcher matcher = FIELD.matcher(template);
    int end = 0;
    while (matcher.find()) {
      literal(template.substring(end, matcher.start()));
      parts.add(field(matcher.group(1)));
      end = matcher.end();
    }
    literal(template.substring(end));
  }

  @Override
  public void write(ReceivedEvent event) {
    StringBuilder line = new StringBuilder();
    parts.forEach(part -> line.append(part.apply(event)));
    terminal.line(line.toString());
  }

  private void literal(String text) {
    parts.add(event -> text);
  }

  private static Function<ReceivedEvent, String> field(String name) {
    if (name.startsWith("header.")) {
      return event -> header(event, name.substring("header.".length()));
    }
    return switch (name) {
      case "topic" -> ReceivedEvent::topic;
      case "partition" -> event -> String.valueOf(event.partition());
      case "offset" -> event -> String.valueOf(event.offset());
      case "timestamp" -> event -> Json.time(event.timestamp());
      case "append_time" -> event -> Json.time(event.appendTime());
      case "key" -> event -> orEmpty(event.keyText());
      case "value" -> event -> orEmpty(event.valueText());
      default ->
          throw CliException.usage(
              "unknown field {{" + name + "}} in --output",
              "known: topic, partition, offset, timestamp, append_time, key, value, header.NAME",
              "for example: -o '{{key}} {{value}}'");
    };
  }

  private static String header(ReceivedEvent event, String name) {
    return event.headers().stream()
        .filter(header -> header.key().equals(name))
        .map(Header::valueText)
        .findFirst()
        .orElse("");
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
