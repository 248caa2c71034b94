package io.flotilla.cli.command;

import io.flotilla.cli.output.Format;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the value of {@code --output}. */
final class FormatConverter implements ITypeConverter<Format> {

  @Override
  public Format convert(String text) {
    return Format.parse(text)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "\"" + text + "\" is none of table, wide, json, ndjson, schema, value"));
  }
}
