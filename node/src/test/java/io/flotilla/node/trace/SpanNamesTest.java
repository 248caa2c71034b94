package io.flotilla.node.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.config.TracingConfig;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.SchemaUrls;
import io.opentelemetry.semconv.incubating.MessagingIncubatingAttributes;
import org.junit.jupiter.api.Test;

/** Our names are those of the version of the conventions that we say we keep to. */
class SpanNamesTest {

  @Test
  void namesAreThoseOfTheConventions() {
    assertThat(SpanNames.SCHEMA_URL).isEqualTo(SchemaUrls.V1_37_0);
    assertThat(SpanNames.SYSTEM).isEqualTo(MessagingIncubatingAttributes.MESSAGING_SYSTEM.getKey());
    assertThat(SpanNames.OPERATION)
        .isEqualTo(MessagingIncubatingAttributes.MESSAGING_OPERATION_NAME.getKey());
    assertThat(SpanNames.DESTINATION)
        .isEqualTo(MessagingIncubatingAttributes.MESSAGING_DESTINATION_NAME.getKey());
    assertThat(SpanNames.PARTITION)
        .isEqualTo(MessagingIncubatingAttributes.MESSAGING_DESTINATION_PARTITION_ID.getKey());
    assertThat(SpanNames.BATCH_COUNT)
        .isEqualTo(MessagingIncubatingAttributes.MESSAGING_BATCH_MESSAGE_COUNT.getKey());
    assertThat(SpanNames.GROUP)
        .isEqualTo(MessagingIncubatingAttributes.MESSAGING_CONSUMER_GROUP_NAME.getKey());
    assertThat(SpanNames.ERROR).isEqualTo(ErrorAttributes.ERROR_TYPE.getKey());
  }

  @Test
  void nothingIsToldUnlessItIsAskedFor() {
    assertThat(Traces.of(TracingConfig.defaults(), 1, "1")).isSameAs(Traces.OFF);
    assertThat(Traces.OFF.publish(null, "t", 1)).isSameAs(TraceSpan.NONE);
  }
}
