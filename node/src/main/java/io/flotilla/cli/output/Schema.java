package io.flotilla.cli.output;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Derives the JSON Schema of an answer from its record, so that it cannot differ from what {@link
 * Json} writes. Stateless.
 */
public final class Schema {

  private Schema() {}

  /** The schema of one answer, or of a list of them. */
  public static Map<String, Object> of(Shape shape) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.putAll(shape.list() ? arrayOf(shape.type()) : record(shape.type()));
    return schema;
  }

  private static Map<String, Object> arrayOf(Type element) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "array");
    schema.put("items", any(element));
    return schema;
  }

  private static Map<String, Object> any(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      return generic.getRawType() == List.class ? arrayOf(last) : Map.of("type", "object");
    }
    if (type instanceof Class<?> plain && plain.isRecord()) {
      return record(plain);
    }
    return scalar(type);
  }

  private static Map<String, Object> scalar(Type type) {
    if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
      return Map.of("type", "integer");
    }
    if (type == boolean.class) {
      return Map.of("type", "boolean");
    }
    if (type == double.class || type == Double.class) {
      return Map.of("type", "number");
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    if (type == Instant.class) {
      schema.put("type", "string");
      schema.put("format", "date-time");
    } else if (type == String.class) {
      schema.put("type", "string");
    }
    return schema;
  }

  private static Map<String, Object> record(Class<?> type) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String name = Json.fieldName(component.getName());
      properties.put(name, property(component));
      required.add(name);
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    describe(schema, type.getAnnotation(Doc.class));
    schema.put("type", "object");
    schema.put("properties", properties);
    schema.put("required", required);
    return schema;
  }

  private static Map<String, Object> property(RecordComponent component) {
    Map<String, Object> property = new LinkedHashMap<>(any(component.getGenericType()));
    describe(property, component.getAnnotation(Doc.class));
    if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
      property.computeIfPresent("type", (key, type) -> List.of(type, "null"));
    }
    return property;
  }

  private static void describe(Map<String, Object> schema, @Nullable Doc doc) {
    if (doc != null) {
      schema.put("description", doc.value());
    }
  }
}
