package io.flotilla.cli.command;

import io.flotilla.client.StartPosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a position: {@code earliest}, {@code latest}, {@code offset:N}, {@code time:T} with T in
 * RFC 3339 or milliseconds since 1970, or {@code -15m} for a while ago.
 */
public final class PositionConverter implements ITypeConverter<StartPosition> {

  public static final String FORMS =
      "earliest, latest, offset:N, time:2026-11-22T10:00:00Z, or -15m for a quarter of an hour ago";

  @Override
  public StartPosition convert(String text) {
    try {
      if (text.equals("earliest")) {
        return StartPosition.earliest();
      }
      if (text.equals("latest")) {
        return StartPosition.latest();
      }
      if (text.startsWith("offset:")) {
        return StartPosition.offset(Long.parseLong(text.substring("offset:".length())));
      }
      if (text.startsWith("time:")) {
        return StartPosition.time(time(text.substring("time:".length())));
      }
      if (text.startsWith("-")) {
        return StartPosition.time(
            Instant.now().minus(new DurationConverter().convert(text.substring(1))));
      }
    } catch (IllegalArgumentException | DateTimeException | TypeConversionException e) {
      throw bad(text);
    }
    throw bad(text);
  }

  private static Instant time(String text) {
    boolean millis = !text.isEmpty() && text.chars().allMatch(Character::isDigit);
    return millis
        ? Instant.ofEpochMilli(Long.parseLong(text))
        : OffsetDateTime.parse(text).toInstant();
  }

  private static TypeConversionException bad(String text) {
    return new TypeConversionException("\"" + text + "\" is not a position; use " + FORMS);
  }
}
