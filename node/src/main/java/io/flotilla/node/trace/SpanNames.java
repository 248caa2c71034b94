package io.flotilla.node.trace;

/**
 * All names in a node's spans: those of OpenTelemetry's conventions for messaging at one version,
 * which are still "development", and our own, {@code flotilla.*}. A test holds them against it.
 */
final class SpanNames {

  /** The version of the conventions. */
  static final String CONVENTIONS = "1.37.0";

  static final String SCHEMA_URL = "https://opentelemetry.io/schemas/" + CONVENTIONS;

  static final String SYSTEM = "messaging.system";
  static final String SYSTEM_NAME = "flotilla";
  static final String OPERATION = "messaging.operation.name";
  static final String DESTINATION = "messaging.destination.name";
  static final String PARTITION = "messaging.destination.partition.id";
  static final String BATCH_COUNT = "messaging.batch.message_count";
  static final String GROUP = "messaging.consumer.group.name";
  static final String ERROR = "error.type";

  /** The offset of an event, or the first one of a batch. */
  static final String OFFSET = "flotilla.offset";

  static final String PUBLISH = "publish";
  static final String APPEND = "append";
  static final String DELIVER = "deliver";

  private SpanNames() {}
}
