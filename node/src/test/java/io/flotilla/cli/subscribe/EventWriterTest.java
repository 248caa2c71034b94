package io.flotilla.cli.subscribe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.output.Format;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Terminal;
import io.flotilla.client.Header;
import io.flotilla.client.ReceivedEvent;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EventWriterTest {

  private static final Instant TIME = Instant.parse("2026-11-22T10:00:00.123Z");

  @Test
  void valueIsTheBytesAndATombstoneAnEmptyLine() {
    assertThat(write("value", event("k", "a"), event("k", null), event(null, "b")))
        .isEqualTo("a\n\nb\n");
  }

  @Test
  void ndjsonHasEverything() {
    assertThat(write("ndjson", event("1", "Bruno started following you.")))
        .isEqualTo(
            "{\"topic\":\"notifications\",\"partition\":2,\"offset\":7,"
                + "\"timestamp\":\"2026-11-22T10:00:00.123Z\","
                + "\"append_time\":\"2026-11-22T10:00:00.123Z\",\"key\":\"1\","
                + "\"value\":\"Bruno started following you.\","
                + "\"headers\":{\"a\":[\"1\",\"2\"],\"b\":\"3\"}}\n");
  }

  @Test
  void compactJsonObjectsComeAsJsonAndAllElseAsText() throws Exception {
    assertThat(value("{\"a\":[1,2.50]}").toString()).contains("{").isNotEqualTo("text");
    assertThat(value("{\"a\":1}").isObject()).isTrue();
    assertThat(value("[1]").isArray()).isTrue();
    assertThat(value("{ \"a\": 1 }").asText()).isEqualTo("{ \"a\": 1 }");
    assertThat(value("5").isTextual()).isTrue();
    assertThat(value("{not json").isTextual()).isTrue();
    assertThat(value("{}{}").isTextual()).isTrue();
  }

  @Test
  void bytesThatAreNotTextComeAsBase64() {
    ReceivedEvent event =
        new ReceivedEvent(
            "t", 0, 0, TIME, TIME, new byte[] {(byte) 0xff}, new byte[] {(byte) 0xfe}, List.of());
    assertThat(EventJson.line(event))
        .contains("\"key_base64\":\"/w==\"", "\"value_base64\":\"/g==\"")
        .doesNotContain("\"value\"");
  }

  @Test
  void jsonIsOneArrayAlsoWhenEmpty() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    assertThat(mapper.readTree(write("json"))).isEmpty();
    assertThat(mapper.readTree(write("json", event("k", "a"), event("k", "b")))).hasSize(2);
  }

  @Test
  void tableIsOneHeaderAndARowAnEventWithin100Columns() {
    String table = write("table", event("k", "x".repeat(300)), event(null, "a\nb"));
    assertThat(table.lines()).hasSize(3).allMatch(line -> line.length() <= 100);
    assertThat(table).startsWith("PART").contains("2026-11-22T10:00:00Z", "a\\nb", "…");
    assertThat(write("wide", event("k", "x".repeat(300)))).contains("x".repeat(300));
  }

  @Test
  void aTemplateIsFilledIn() {
    assertThat(write("{{key}}={{ value }} @{{partition}}/{{offset}} {{header.b}}", event("k", "v")))
        .isEqualTo("k=v @2/7 3\n");
    assertThatThrownBy(() -> write("{{colour}}"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("unknown field {{colour}}");
  }

  private static JsonNode value(String stored) throws Exception {
    return new ObjectMapper().readTree(EventJson.line(event("k", stored))).get("value");
  }

  private static String write(String format, ReceivedEvent... events) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(), out, OutputStream.nullOutputStream(), "", Map.of());
    Printer printer = new Printer(terminal, Format.parse(format).orElseThrow());
    EventWriter writer = EventWriter.of(printer, true, false);
    writer.begin();
    for (ReceivedEvent event : events) {
      writer.write(event);
    }
    writer.end();
    terminal.flush();
    return out.toString(StandardCharsets.UTF_8);
  }

  @SuppressWarnings("NullAway") // does not see @Nullable on arrays of a compact constructor
  private static ReceivedEvent event(@Nullable String key, @Nullable String value) {
    List<Header> headers = List.of(Header.of("a", "1"), Header.of("a", "2"), Header.of("b", "3"));
    return new ReceivedEvent("notifications", 2, 7, TIME, TIME, bytes(key), bytes(value), headers);
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }
}
