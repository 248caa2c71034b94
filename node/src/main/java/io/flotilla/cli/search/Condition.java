package io.flotilla.cli.search;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.client.ReceivedEvent;
import java.math.BigDecimal;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * One {@code --where}: a field, an operator and a text. An event that lacks the field never
 * matches, whatever the operator. Immutable.
 */
final class Condition {

  static final String FORMS =
      "FIELD=TEXT, FIELD!=TEXT, FIELD~TEXT (contains), FIELD<NUMBER or FIELD>NUMBER. FIELD is key,"
          + " value, or a path into a value that is JSON, such as .customer.id or .items[0].name."
          + " Events without the field do not match. May be repeated; all must hold.";

  private static final Pattern FORM =
      Pattern.compile("(key|value|(?:\\.[^.=!~<>\\[\\]\\s]+|\\[\\d{1,9}])+)(!=|=|~|<|>)(.*)");
  private static final Pattern STEP = Pattern.compile("\\.([^.\\[\\]]+)|\\[(\\d+)]");

  private final String field;
  private final @Nullable JsonPointer path;
  private final String operator;
  private final String operand;
  private final @Nullable BigDecimal number;

  private Condition(String field, String operator, String operand) {
    this.field = field;
    this.path = field.equals("key") || field.equals("value") ? null : pointer(field);
    this.operator = operator;
    this.operand = operand;
    this.number = number(operand);
  }

  /** Throws IllegalArgumentException for what is no condition. */
  static Condition parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is none of " + FORMS);
    }
    Condition condition = new Condition(matcher.group(1), matcher.group(2), matcher.group(3));
    boolean compares = condition.operator.equals("<") || condition.operator.equals(">");
    if (compares && condition.number == null) {
      throw new IllegalArgumentException(
          "\"" + text + "\": behind " + condition.operator + " stands a number");
    }
    return condition;
  }

  private static JsonPointer pointer(String path) {
    StringBuilder pointer = new StringBuilder();
    Matcher step = STEP.matcher(path);
    while (step.find()) {
      String name = step.group(1) == null ? step.group(2) : step.group(1);
      pointer.append('/').append(name.replace("~", "~0").replace("/", "~1"));
    }
    return JsonPointer.compile(pointer.toString());
  }

  /**
   * It holds for an event.
   *
   * @param json the event's value, parsed when asked for; a missing node when it is not JSON
   */
  boolean holds(ReceivedEvent event, Supplier<JsonNode> json) {
    String found = found(event, json);
    if (found == null) {
      return false;
    }
    return switch (operator) {
      case "=" -> found.equals(operand);
      case "!=" -> !found.equals(operand);
      case "~" -> found.contains(operand);
      default -> compares(number(found));
    };
  }

  private @Nullable String found(ReceivedEvent event, Supplier<JsonNode> json) {
    if (path == null) {
      return field.equals("key") ? event.keyText() : event.valueText();
    }
    JsonNode node = json.get().at(path);
    if (node.isMissingNode()) {
      return null;
    }
    return node.isValueNode() ? node.asText() : node.toString();
  }

  private boolean compares(@Nullable BigDecimal found) {
    if (found == null || number == null) {
      return false;
    }
    int order = found.compareTo(number);
    return operator.equals("<") ? order < 0 : order > 0;
  }

  private static @Nullable BigDecimal number(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException none) {
      return null;
    }
  }

  /** For picocli. */
  static final class Converter implements ITypeConverter<Condition> {
    @Override
    public Condition convert(String text) {
      try {
        return parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
