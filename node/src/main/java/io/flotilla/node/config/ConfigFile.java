package io.flotilla.node.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A YAML file as flat keys, each with its value and the line where it stands: {@code node: {dir:
 * d}} is {@code node.dir}. Lists are joined by commas, absent values left out. Confined.
 */
final class ConfigFile {

  private record Entry(String value, int line) {}

  private final YAMLParser parser;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();

  private ConfigFile(YAMLParser parser) {
    this.parser = parser;
  }

  /** Throws ConfigException when it is not one document of keys with values. */
  static ConfigFile read(Path path) {
    try (YAMLParser parser = new YAMLFactory().createParser(Files.readAllBytes(path))) {
      ConfigFile file = new ConfigFile(parser);
      String fault = file.document();
      if (!fault.isEmpty()) {
        throw new ConfigException(path.toString(), List.of(fault + at(file.line())));
      }
      return file;
    } catch (JsonProcessingException e) {
      throw new ConfigException(
          path.toString(),
          List.of("not readable as YAML: " + said(e) + at(e.getLocation().getLineNr())));
    } catch (IOException e) {
      throw new ConfigException(path.toString(), List.of("cannot be read: " + e));
    }
  }

  /** Without the picture of the place, which the parser draws over several lines. */
  private static String said(JsonProcessingException e) {
    return e.getOriginalMessage()
        .lines()
        .filter(line -> !line.startsWith(" ") && !line.isBlank())
        .collect(Collectors.joining(", "));
  }

  private String document() throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null || first == JsonToken.VALUE_NULL) {
      return "";
    }
    if (first != JsonToken.START_OBJECT) {
      return "must be keys with values, such as node: {id: 1}";
    }
    object("");
    return parser.nextToken() == null ? "" : "has a second document, which nobody would read";
  }

  private void object(String prefix) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = prefix + parser.currentName();
      int line = line();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_OBJECT) {
        object(key + ".");
      } else if (value == JsonToken.START_ARRAY) {
        put(key, list(key), line);
      } else if (value != JsonToken.VALUE_NULL) {
        put(key, plain(key), line);
      }
    }
  }

  private String list(String key) throws IOException {
    List<String> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken().isStructStart()) {
        faults.add(key + " must be a list of plain values" + at(line()));
        parser.skipChildren();
      } else {
        items.add(plain(key));
      }
    }
    return String.join(",", items);
  }

  private String plain(String key) throws IOException {
    if (parser.isCurrentAlias()) {
      faults.add(key + " is an alias, which is not followed: write its value" + at(line()));
    }
    return parser.getText();
  }

  private void put(String key, String value, int line) {
    Entry before = entries.putIfAbsent(key, new Entry(value, line));
    if (before != null) {
      faults.add(key + " is given twice (lines " + before.line + " and " + line + ")");
    }
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  private static String at(int line) {
    return " (line " + line + ")";
  }

  @Nullable String value(String key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.value;
  }

  /** For a key that is there. */
  String origin(String key) {
    Entry entry = entries.get(key);
    return entry == null ? "" : "line " + entry.line;
  }

  /** In the file's order. */
  Set<String> keys() {
    return entries.keySet();
  }

  /** Keys that are given twice, and values that are none. */
  List<String> faults() {
    return faults;
  }
}
