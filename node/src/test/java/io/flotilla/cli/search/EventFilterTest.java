package io.flotilla.cli.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.Header;
import io.flotilla.client.ReceivedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --where}, {@code --key} and {@code --header} let through. */
final class EventFilterTest {

  private static final String ORDER =
      "{\"id\":17,\"amount\":99.5,\"paid\":true,\"note\":null,\"customer\":{\"name\":\"Emma\"},"
          + "\"items\":[{\"sku\":\"a-1\"},{\"sku\":\"b/2\"}]}";

  @SuppressWarnings("NullAway") // does not see @Nullable on arrays of a compact constructor
  private static ReceivedEvent event(@Nullable String key, @Nullable String value) {
    return new ReceivedEvent(
        "orders",
        0,
        0,
        Instant.EPOCH,
        Instant.EPOCH,
        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
        value == null ? null : value.getBytes(StandardCharsets.UTF_8),
        List.of(Header.of("trace", "t-1"), Header.of("empty", "")));
  }

  private static boolean holds(String where, @Nullable String value) {
    return new EventFilter(null, List.of(), List.of(Condition.parse(where)))
        .test(event("customer-7", value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".id=17 | true",
        ".id=18 | false",
        ".id!=18 | true",
        ".id!=17 | false",
        ".amount>99 | true",
        ".amount>99.5 | false",
        ".amount<100 | true",
        ".amount<1e2 | true",
        ".paid=true | true",
        ".note=null | true",
        ".customer.name=Emma | true",
        ".customer.name~mm | true",
        ".customer~Emma | true",
        ".items[1].sku=b/2 | true",
        ".items[2].sku!=x | false",
        ".missing!=x | false",
        ".customer.name>1 | false",
        "value~\"sku\" | true",
        "key=customer-7 | true",
        "key~customer-8 | false"
      })
  void conditionsMeanWhatTheySay(String where, boolean holds) {
    assertThat(holds(where, ORDER)).isEqualTo(holds);
  }

  @Test
  void whatIsNotJsonHasNoFieldsAndATombstoneHasNothing() {
    assertThat(holds(".id=17", "no json {")).isFalse();
    assertThat(holds(".id!=17", "no json {")).isFalse();
    assertThat(holds("value~json", "no json {")).isTrue();
    assertThat(holds("value!=x", null)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"id=17", ".id", ".=3", ".a>b", "value", ".a b=3", "=x", ""})
  void whatIsNoConditionIsRefusedWithTheForms(String text) {
    assertThatThrownBy(() -> Condition.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keyAndHeadersMustAllFit() {
    byte[] key = "customer-7".getBytes(StandardCharsets.UTF_8);
    ReceivedEvent event = event("customer-7", ORDER);
    assertThat(new EventFilter(key, List.of("trace", "trace: t-1"), List.of()).test(event))
        .isTrue();
    assertThat(new EventFilter(key, List.of("trace:t-2"), List.of()).test(event)).isFalse();
    assertThat(new EventFilter(key, List.of("other"), List.of()).test(event)).isFalse();
    assertThat(new EventFilter(key, List.of(), List.of()).test(event("x", ORDER))).isFalse();
    assertThat(new EventFilter(key, List.of(), List.of()).test(event(null, ORDER))).isFalse();
  }

  @Test
  void aPlaceIsPartitionAtOffset() {
    assertThat(new Place.Converter().convert("2@17")).isEqualTo(new Place(2, 17));
    assertThatThrownBy(() -> new Place.Converter().convert("17")).hasMessageContaining("0@17");
  }
}
