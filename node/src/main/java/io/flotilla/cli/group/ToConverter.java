package io.flotilla.cli.group;

import io.flotilla.cli.command.PositionConverter;
import io.flotilla.client.StartPosition;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads where to move a group: an offset, or a position as elsewhere. */
final class ToConverter implements ITypeConverter<StartPosition> {

  static final String FORMS =
      "earliest, latest, OFFSET, time:2026-11-22T10:00:00Z, or -15m for a quarter of an hour ago";

  @Override
  public StartPosition convert(String text) {
    try {
      return !text.isEmpty() && text.chars().allMatch(Character::isDigit)
          ? StartPosition.offset(Long.parseLong(text))
          : new PositionConverter().convert(text);
    } catch (NumberFormatException | TypeConversionException e) {
      throw new TypeConversionException("\"" + text + "\" is no place to move to; use " + FORMS);
    }
  }
}
