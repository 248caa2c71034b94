package io.flotilla.console.web;

import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a request's address, checked on the way out. Immutable. */
public final class Params {

  private static final int CHARS_MAX = 100_000;

  private final Map<String, String> values;

  private Params(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  public static Params of(HttpExchange exchange) {
    return parse(exchange.getRequestURI().getRawQuery());
  }

  /** What stands behind the question mark; null = nothing. */
  public static Params parse(@Nullable String query) {
    Map<String, String> values = new HashMap<>();
    if (query != null) {
      if (query.length() > CHARS_MAX) {
        throw Refusal.badRequest("the address is longer than " + CHARS_MAX + " characters");
      }
      for (String pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          values.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        }
      }
    }
    return new Params(values);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Refusal.badRequest("the address is not encoded as an address: " + e.getMessage());
    }
  }

  public String text(String name, String byDefault) {
    return values.getOrDefault(name, byDefault);
  }

  public String required(String name) {
    String value = text(name, "");
    if (value.isEmpty()) {
      throw Refusal.badRequest(name + " is needed");
    }
    return value;
  }

  public boolean flag(String name) {
    return text(name, "").equals("true");
  }

  public long number(String name, long byDefault, long min, long max) {
    String value = text(name, "");
    if (value.isEmpty()) {
      return byDefault;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw outside(name, value, min, max);
    }
    throw outside(name, value, min, max);
  }

  public int integer(String name, int byDefault, int min, int max) {
    return (int) number(name, byDefault, min, max);
  }

  private static Refusal outside(String name, String value, long min, long max) {
    return Refusal.badRequest(
        name + " is \"" + value + "\"; expected a number from " + min + " to " + max);
  }
}
