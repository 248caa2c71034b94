package io.flotilla.cli.search;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where an event is: {@code 2@17}. */
record Place(int partition, long offset) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})@(\\d{1,18})");

  @Override
  public String toString() {
    return partition + "@" + offset;
  }

  /** For picocli. */
  static final class Converter implements ITypeConverter<Place> {
    @Override
    public Place convert(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException("\"" + text + "\" is not PARTITION@OFFSET, such as 0@17");
      }
      return new Place(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }
  }
}
