package io.flotilla.cli.publish;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import io.flotilla.client.StartPosition;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Reads a timestamp: RFC 3339, or milliseconds since 1970. Stateless. */
final class TimestampText {

  private TimestampText() {}

  static @Nullable Instant of(JsonParser parser) throws IOException, BadLineException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_STRING -> inRange(parse(parser.getText()), parser.getText());
      case VALUE_NUMBER_INT -> inRange(millis(parser), parser.getText());
      default -> throw bad(parser.getText());
    };
  }

  private static Instant parse(String text) throws BadLineException {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw bad("\"" + text + "\"");
    }
  }

  private static Instant millis(JsonParser parser) throws IOException, BadLineException {
    if (parser.getNumberType() == NumberType.BIG_INTEGER) {
      throw bad(parser.getText());
    }
    return Instant.ofEpochMilli(parser.getLongValue());
  }

  private static Instant inRange(Instant time, String text) throws BadLineException {
    if (time.isBefore(Instant.EPOCH) || time.isAfter(StartPosition.LAST_TIME)) {
      throw new BadLineException("\"timestamp\" " + text + " is not between 1970 and 9999");
    }
    return time;
  }

  private static BadLineException bad(String found) {
    return new BadLineException(
        "\"timestamp\" " + found + " is neither RFC 3339 nor milliseconds since 1970");
  }
}
