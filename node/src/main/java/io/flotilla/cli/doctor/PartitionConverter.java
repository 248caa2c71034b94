package io.flotilla.cli.doctor;

import io.flotilla.client.TopicPartition;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code orders/2}. Stateless. */
final class PartitionConverter implements ITypeConverter<TopicPartition> {

  @Override
  public TopicPartition convert(String value) {
    int slash = value.lastIndexOf('/');
    try {
      if (slash > 0) {
        int partition = Integer.parseInt(value.substring(slash + 1));
        return new TopicPartition(value.substring(0, slash), partition);
      }
    } catch (IllegalArgumentException e) {
      // As without a slash.
    }
    throw new TypeConversionException("\"" + value + "\" is not TOPIC/PARTITION, such as orders/2");
  }
}
