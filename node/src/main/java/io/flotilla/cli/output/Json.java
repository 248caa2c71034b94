package io.flotilla.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as JSON: a component becomes a field in snake case, an absent value {@code null},
 * a time RFC 3339 in UTC. A few lines of reflection instead of a data-binding library, because a
 * command line pays for every class it loads. Stateless.
 */
public final class Json {

  public static final JsonFactory FACTORY = new JsonFactory();

  private static final DateTimeFormatter RFC_3339 =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private Json() {}

  /** Over several lines, for {@code -o json}. */
  public static String pretty(Object value) {
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(indent);
    printer.indentArraysWith(indent);
    return write(value, printer);
  }

  /** On one line, for {@code -o ndjson}. */
  public static String line(Object value) {
    return write(value, null);
  }

  /** RFC 3339, UTC, milliseconds. */
  public static String time(Instant instant) {
    return RFC_3339.format(instant.atOffset(ZoneOffset.UTC));
  }

  private static String write(Object value, @Nullable DefaultPrettyPrinter printer) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      if (printer != null) {
        generator.setPrettyPrinter(printer);
      }
      writeValue(generator, value);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static void writeValue(JsonGenerator generator, @Nullable Object value)
      throws IOException {
    if (value == null) {
      generator.writeNull();
    } else if (value instanceof String text) {
      generator.writeString(text);
    } else if (value instanceof Integer || value instanceof Long) {
      generator.writeNumber(((Number) value).longValue());
    } else if (value instanceof Double number) {
      generator.writeNumber(number);
    } else if (value instanceof Boolean truth) {
      generator.writeBoolean(truth);
    } else if (value instanceof Instant instant) {
      generator.writeString(time(instant));
    } else if (value instanceof List<?> list) {
      generator.writeStartArray();
      for (Object each : list) {
        writeValue(generator, each);
      }
      generator.writeEndArray();
    } else if (value instanceof Map<?, ?> map) {
      generator.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        generator.writeFieldName(String.valueOf(entry.getKey()));
        writeValue(generator, entry.getValue());
      }
      generator.writeEndObject();
    } else if (value instanceof Record record) {
      writeRecord(generator, record);
    } else {
      throw new IllegalArgumentException("no JSON form for " + value.getClass());
    }
  }

  private static void writeRecord(JsonGenerator generator, Record record) throws IOException {
    generator.writeStartObject();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      generator.writeFieldName(fieldName(component.getName()));
      writeValue(generator, valueOf(record, component));
    }
    generator.writeEndObject();
  }

  private static @Nullable Object valueOf(Record record, RecordComponent component) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true); // The records of commands are private to their packages.
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  /** {@code logStart} becomes {@code log_start}. */
  static String fieldName(String component) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < component.length(); i++) {
      char c = component.charAt(i);
      if (Character.isUpperCase(c)) {
        name.append('_').append(Character.toLowerCase(c));
      } else {
        name.append(c);
      }
    }
    return name.toString();
  }
}
