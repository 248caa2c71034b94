package io.flotilla.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JsonTest {

  @Doc("Inner.")
  private record Inner(@Doc("A flag.") boolean upToDate) {}

  @Doc("Outer.")
  private record Outer(
      @Doc("A text.") @Nullable String name,
      @Doc("A number.") long logStart,
      @Doc("A time.") Instant created,
      @Doc("More.") List<Inner> inner,
      @Doc("Facts.") Map<String, String> facts) {}

  private static final Outer SAMPLE =
      new Outer(
          null,
          Long.MAX_VALUE,
          Instant.ofEpochMilli(0),
          List.of(new Inner(true)),
          Map.of("a", "b"));

  @Test
  void aRecordIsOneLineInSnakeCaseWithTimesInUtc() {
    assertThat(Json.line(SAMPLE))
        .isEqualTo(
            "{\"name\":null,\"log_start\":9223372036854775807,"
                + "\"created\":\"1970-01-01T00:00:00.000Z\","
                + "\"inner\":[{\"up_to_date\":true}],\"facts\":{\"a\":\"b\"}}");
  }

  @Test
  void prettyIsTheSameJson() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    assertThat(Json.pretty(SAMPLE).lines()).hasSizeGreaterThan(5);
    assertThat(mapper.readTree(Json.pretty(SAMPLE))).isEqualTo(mapper.readTree(Json.line(SAMPLE)));
  }

  @Test
  void theSchemaHasExactlyTheFieldsOfTheJsonAndTheirMeaning() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode schema = mapper.readTree(Json.line(Schema.of(Shape.listOf(Outer.class))));
    assertThat(schema.get("type").asText()).isEqualTo("array");
    JsonNode record = schema.get("items");
    List<String> fields = List.of("name", "log_start", "created", "inner", "facts");
    assertThat(record.get("properties").fieldNames()).toIterable().isEqualTo(fields);
    assertThat(record.get("required").toString()).isEqualTo(mapper.writeValueAsString(fields));
    assertThat(record.get("properties").get("name").get("type").toString())
        .isEqualTo("[\"string\",\"null\"]");
    assertThat(record.get("properties").get("created").get("format").asText())
        .isEqualTo("date-time");
    assertThat(record.at("/properties/inner/items/properties/up_to_date/type").asText())
        .isEqualTo("boolean");
  }
}
