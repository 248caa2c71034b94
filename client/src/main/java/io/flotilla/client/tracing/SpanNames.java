package io.flotilla.client.tracing;

import io.opentelemetry.api.common.AttributeKey;

/**
 * All names in a client's spans: those of OpenTelemetry's conventions for messaging at one version,
 * the same as nodes have.
 */
final class SpanNames {

  static final String SCHEMA_URL = "https://opentelemetry.io/schemas/1.37.0";

  static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
  static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
  static final AttributeKey<String> OPERATION_TYPE =
      AttributeKey.stringKey("messaging.operation.type");
  static final AttributeKey<String> DESTINATION =
      AttributeKey.stringKey("messaging.destination.name");
  static final AttributeKey<String> PARTITION =
      AttributeKey.stringKey("messaging.destination.partition.id");
  static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

  /** The offset of the event. */
  static final AttributeKey<Long> OFFSET = AttributeKey.longKey("flotilla.offset");

  static final String SYSTEM_NAME = "flotilla";
  static final String SEND = "send";
  static final String PROCESS = "process";

  private SpanNames() {}
}
