package io.flotilla.cli.topic;

import io.flotilla.cli.command.PositionConverter;
import io.flotilla.client.StartPosition;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads where to cut: an offset, {@code latest}, or a time as elsewhere. */
final class BeforeConverter implements ITypeConverter<StartPosition> {

  static final String FORMS = "OFFSET, latest, time:2026-11-22T10:00:00Z, or -7d for a week ago";

  @Override
  public StartPosition convert(String text) {
    StartPosition position;
    try {
      position =
          !text.isEmpty() && text.chars().allMatch(Character::isDigit)
              ? StartPosition.offset(Long.parseLong(text))
              : new PositionConverter().convert(text);
    } catch (NumberFormatException | TypeConversionException e) {
      throw bad(text);
    }
    if (position instanceof StartPosition.Earliest) {
      throw bad(text);
    }
    return position;
  }

  private static TypeConversionException bad(String text) {
    return new TypeConversionException("\"" + text + "\" is not a place to cut; use " + FORMS);
  }
}
