package io.flotilla.cli.publish;

import io.flotilla.client.Header;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code K:V}. */
final class HeaderConverter implements ITypeConverter<Header> {

  @Override
  public Header convert(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new TypeConversionException("\"" + text + "\" is not a header such as trace:4711");
    }
    return Header.of(text.substring(0, colon), text.substring(colon + 1));
  }
}
