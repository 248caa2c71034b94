package io.flotilla.node.trace;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What W3C calls valid is understood, and the rest is ignored. */
class TraceContextTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final String VALID = "00-" + TRACE + "-" + SPAN + "-01";

  @Test
  void aValidContextIsUnderstood() {
    TraceContext context = requireNonNull(TraceContext.parse(VALID, "a=1"));

    assertThat(context).isEqualTo(new TraceContext(TRACE, SPAN, true, VALID, "a=1"));
    assertThat(requireNonNull(TraceContext.parse(VALID.replace("-01", "-02"), null)).sampled())
        .isFalse();
  }

  @Test
  void aLaterVersionMayHaveMoreBehind() {
    assertThat(TraceContext.parse("cc" + VALID.substring(2) + "-what-the-future-brings", null))
        .isNotNull();
    assertThat(TraceContext.parse("cc" + VALID.substring(2) + "-" + "x".repeat(200), null))
        .isNull();
  }

  @Test
  void aStateThatIsTooLongIsDropped() {
    String longest = "a=" + "1".repeat(TraceContext.STATE_CHARS_MAX - 2);
    assertThat(requireNonNull(TraceContext.parse(VALID, longest)).state()).isEqualTo(longest);
    assertThat(requireNonNull(TraceContext.parse(VALID, longest + "1")).state()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "00-" + TRACE + "-" + SPAN + "-1",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
        "00_" + TRACE + "_" + SPAN + "_01",
        "cc-" + TRACE + "-" + SPAN + "-01.more",
      })
  void whatIsNotValidIsIgnored(String header) {
    assertThat(TraceContext.parse(header, "a=1")).isNull();
  }
}
