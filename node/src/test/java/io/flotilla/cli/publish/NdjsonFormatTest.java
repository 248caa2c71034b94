package io.flotilla.cli.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.Event;
import io.flotilla.client.Header;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NdjsonFormatTest {

  private final NdjsonFormat format = new NdjsonFormat();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"value\":\"text\"}                    | text",
        "{\"value\":\"\"}                        | ``",
        "{\"value\":{\"a\": [1, 2.50, -1E+5]}}   | {\"a\":[1,2.50,-1E+5]}",
        "{\"value\":[ ]}                         | []",
        "{\"value\":12345678901234567890123}     | 12345678901234567890123",
        "{\"value\":1.10}                        | 1.10",
        "{\"value\":true}                        | true",
        "{\"value\":{\"a\":{\"b\":null},\"c\":\"é\"}} | {\"a\":{\"b\":null},\"c\":\"é\"}",
      })
  void aStringIsItsTextAndOtherJsonIsCompact(String line, String stored) throws Exception {
    assertThat(text(parse(line).value())).isEqualTo(stored);
  }

  @Test
  void anAbsentOrNullValueIsATombstone() throws Exception {
    assertThat(parse("{\"key\":\"a\"}").value()).isNull();
    assertThat(parse("{\"key\":\"a\",\"value\":null}").value()).isNull();
  }

  @Test
  void keyHeadersAndTimestampAreTaken() throws Exception {
    Event event =
        parse(
            "{\"key\":\"k\",\"value\":\"v\",\"timestamp\":1312242084000,"
                + "\"headers\":{\"a\":\"1\",\"b\":[\"2\",\"3\"]}}");
    assertThat(text(event.key())).isEqualTo("k");
    assertThat(event.timestamp()).isEqualTo(Instant.ofEpochMilli(1_312_242_084_000L));
    assertThat(event.headers())
        .isEqualTo(List.of(Header.of("a", "1"), Header.of("b", "2"), Header.of("b", "3")));
  }

  @Test
  void timestampsMayBeRfc3339() throws Exception {
    assertThat(parse("{\"timestamp\":\"2026-11-22T10:00:00.5+01:00\"}").timestamp())
        .isEqualTo(Instant.parse("2026-11-22T09:00:00.500Z"));
    assertThat(parse("{\"timestamp\":null}").timestamp()).isNull();
  }

  @Test
  void whatSubscribeAddsIsNotNeededAndBase64IsBytes() throws Exception {
    Event event =
        parse(
            "{\"topic\":\"t\",\"partition\":1,\"offset\":7,\"append_time\":\"x\","
                + "\"key_base64\":\"/w==\",\"value_base64\":\"AAE=\"}");
    assertThat(event.key()).isEqualTo(new byte[] {(byte) 0xff});
    assertThat(event.value()).isEqualTo(new byte[] {0, 1});
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                                      | it is empty",
        "   ``                                   | it is empty",
        "hello                                   | not valid JSON",
        "\"hello\"                               | not a JSON object",
        "[1]                                     | not a JSON object",
        "{\"value\":1                            | not valid JSON",
        "{\"value\":1}}                          | not valid JSON",
        "{\"value\":1} {\"value\":2}             | more after the JSON object",
        "{\"value\":1,\"value\":2}               | \"value\" more than once",
        "{\"value\":1,\"value_base64\":\"AA==\"} | more than once",
        "{\"valeu\":1}                           | unknown field \"valeu\"",
        "{\"key\":5}                             | \"key\" is neither a string nor null",
        "{\"key\":{}}                            | \"key\" is neither",
        "{\"headers\":[]}                        | \"headers\" is not a JSON object",
        "{\"headers\":{\"a\":1}}                 | header \"a\" is neither a string",
        "{\"headers\":{\"a\":[[\"x\"]]}}         | header \"a\" is neither",
        "{\"timestamp\":\"yesterday\"}           | neither RFC 3339 nor milliseconds",
        "{\"timestamp\":\"2026-11-22T10:00:00\"} | neither RFC 3339 nor milliseconds",
        "{\"timestamp\":1.5}                     | neither RFC 3339 nor milliseconds",
        "{\"timestamp\":true}                    | neither RFC 3339 nor milliseconds",
        "{\"timestamp\":99999999999999999999}    | neither RFC 3339 nor milliseconds",
        "{\"timestamp\":-1}                      | not between 1970 and 9999",
        "{\"timestamp\":9223372036854775807}     | not between 1970 and 9999",
        "{\"value_base64\":\"%%\"}               | not base64",
        "{\"value\":\"\\ud800\"}                 | half of a surrogate pair",
        "{\"value\":NaN}                         | not valid JSON",
        "{\"value\":01}                          | not valid JSON",
      })
  void aBadLineSaysWhatIsWrong(String line, String complaint) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(BadLineException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void bytesThatAreNotUtf8AndAbsurdNestingAreRefused() {
    byte[] broken = "{\"value\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> format.parse(broken)).isInstanceOf(BadLineException.class);
    String deep = "{\"value\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
    assertThatThrownBy(() -> parse(deep)).isInstanceOf(BadLineException.class);
  }

  private Event parse(String line) throws BadLineException {
    return format.parse(line.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
