package io.flotilla.cli.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.output.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The profiles of this user, in {@code flotilla/profiles.json} below {@code XDG_CONFIG_HOME}, or
 * below {@code ~/.config}. Read once, then changed in memory and written as a whole. Confined to
 * the command's thread; of two commands that change it at once the last one wins.
 */
public final class Profiles {

  /** Is always there, with nothing in it until it is set. */
  public static final String DEFAULT = "default";

  private static final String PROFILES = "profiles";
  private static final String CURRENT = "current";
  private static final String PREVIOUS = "previous";

  private final Path file;
  private final Map<String, Map<Setting, String>> profiles = new TreeMap<>();
  private String current = DEFAULT;
  private String previous = DEFAULT;

  private Profiles(Path file) {
    this.file = file;
    profiles.put(DEFAULT, new EnumMap<>(Setting.class));
  }

  /** Those of the user to whom the environment belongs. */
  public static Profiles read(Map<String, String> environment) {
    Profiles profiles = new Profiles(file(environment));
    if (Files.exists(profiles.file)) {
      try (JsonParser parser = Json.FACTORY.createParser(profiles.file.toFile())) {
        profiles.read(parser);
      } catch (IOException | IllegalArgumentException e) {
        throw CliException.local(
            "cannot read the profiles in " + profiles.file,
            "it is not what flotilla profile wrote: " + e.getMessage(),
            "mend it, or remove it and set them again: flotilla profile set --help");
      }
    }
    return profiles;
  }

  private static Path file(Map<String, String> environment) {
    String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path folder =
        config.isEmpty()
            ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".config")
            : Path.of(config);
    return folder.resolve("flotilla").resolve("profiles.json");
  }

  private void read(JsonParser parser) throws IOException {
    demand(parser.nextToken() == JsonToken.START_OBJECT, "an object is expected");
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case CURRENT -> current = parser.getText();
        case PREVIOUS -> previous = parser.getText();
        case PROFILES -> readProfiles(parser);
        default -> throw new IllegalArgumentException("unknown field " + name);
      }
    }
  }

  private void readProfiles(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      Map<Setting, String> settings = new EnumMap<>(Setting.class);
      profiles.put(parser.currentName(), settings);
      demand(parser.nextToken() == JsonToken.START_OBJECT, "a profile is an object");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        Setting setting =
            Setting.of(key).orElseThrow(() -> new IllegalArgumentException("unknown key " + key));
        parser.nextToken();
        settings.put(setting, parser.getText());
      }
    }
  }

  private static void demand(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** Where they are kept. */
  public Path file() {
    return file;
  }

  /** All by name, with what each sets. */
  public Map<String, Map<Setting, String>> all() {
    return profiles;
  }

  /** What a profile sets; one that is not there is an error that names those there are. */
  public Map<Setting, String> profile(String name) {
    Map<Setting, String> settings = profiles.get(name);
    if (settings == null) {
      throw CliException.usage(
          "there is no profile \"" + name + "\"",
          "the profiles are: " + String.join(", ", profiles.keySet()),
          "make it: flotilla profile set " + name + " server=HOST:PORT");
    }
    return settings;
  }

  /** The one in use. */
  public String current() {
    return profiles.containsKey(current) ? current : DEFAULT;
  }

  /** The one that was in use before it. */
  public String previous() {
    return profiles.containsKey(previous) ? previous : DEFAULT;
  }

  /** Uses another one. */
  public void use(String name) {
    previous = current();
    current = name;
  }

  /** Sets a profile, made if need be; an empty value takes a setting out. */
  public void set(String name, Map<Setting, String> changes) {
    Map<Setting, String> settings =
        profiles.computeIfAbsent(name, made -> new EnumMap<>(Setting.class));
    settings.putAll(changes);
    settings.values().removeIf(String::isEmpty);
  }

  /** Takes one away; the default one becomes empty. */
  public void remove(String name) {
    profiles.remove(name);
    profiles.putIfAbsent(DEFAULT, new EnumMap<>(Setting.class));
  }

  /** Writes them, all at once or not at all. */
  public void write() {
    Map<String, Object> all = new LinkedHashMap<>();
    profiles.forEach(
        (name, settings) -> {
          Map<String, Object> fields = new LinkedHashMap<>();
          settings.forEach((setting, value) -> fields.put(setting.key(), value));
          all.put(name, fields);
        });
    Map<String, Object> content = new LinkedHashMap<>();
    content.put(CURRENT, current());
    content.put(PREVIOUS, previous());
    content.put(PROFILES, all);
    try {
      Files.createDirectories(file.getParent());
      Path next = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(next, Json.pretty(content) + "\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw CliException.local(
          "cannot write the profiles to " + file, e.toString(), "check the folder's permissions");
    }
  }
}
