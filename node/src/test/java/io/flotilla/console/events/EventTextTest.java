package io.flotilla.console.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Header;
import io.flotilla.client.ReceivedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes in a line, and which events are wanted. */
class EventTextTest {

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void textIsTextAndCutBetweenCharacters() {
    assertThat(EventText.line(utf8("Chloé\nliked <b>"))).isEqualTo("Chloé liked <b>");
    assertThat(EventText.line(utf8("é".repeat(1_000)))).isEqualTo("é".repeat(200) + "…");
    assertThat(EventText.line(utf8("a" + "😀".repeat(1_000)))).startsWith("a😀").endsWith("😀…");
    assertThat(EventText.line(new byte[0])).isEmpty();
  }

  @Test
  void bytesThatAreNoTextAreInHex() {
    assertThat(EventText.line(new byte[] {0, (byte) 0xff, 16})).isEqualTo("0x00ff10");
    byte[] many = new byte[5_000];
    many[0] = (byte) 0xff;
    assertThat(EventText.line(many)).startsWith("0xff0000").endsWith("…").hasSizeLessThan(120);
  }

  private static ReceivedEvent event(String key, String value) {
    return new ReceivedEvent(
        "t",
        0,
        0,
        Instant.EPOCH,
        Instant.EPOCH,
        utf8(key),
        utf8(value),
        List.of(Header.of("trace", "abc-1")));
  }

  @Test
  void aKeyIsWantedExactlyAndATextAnywhere() {
    ReceivedEvent event = event("customer-1", "{\"total\": 12}");
    assertThat(new EventFilter("", "").wants(event)).isTrue();
    assertThat(new EventFilter("customer-1", "").wants(event)).isTrue();
    assertThat(new EventFilter("customer", "").wants(event)).isFalse();
    assertThat(new EventFilter("", "total").wants(event)).isTrue();
    assertThat(new EventFilter("", "customer").wants(event)).isTrue();
    assertThat(new EventFilter("", "abc-1").wants(event)).isTrue();
    assertThat(new EventFilter("customer-1", "total\": 13").wants(event)).isFalse();
    assertThat(new EventFilter("", "x".repeat(100)).wants(event)).isFalse();
  }
}
