package io.flotilla.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {
  private final List<String> closed = new ArrayList<>();
  private final Closing closing = new Closing();

  @Test
  void theRestIsClosedWhenAPartFails() {
    closing.step(() -> closed.add("doors"));
    closing.step(
        () -> {
          throw new IllegalStateException("no followers");
        });
    closing.step(
        () -> {
          throw new IllegalArgumentException("nor this");
        });
    closing.step(() -> closed.add("store"));

    assertThat(closed).containsExactly("doors", "store");
    assertThatThrownBy(closing::end)
        .isInstanceOf(IllegalStateException.class)
        .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
  }

  @Test
  void nothingIsThrownWhenNothingFailed() {
    closing.step(() -> closed.add("store"));

    closing.end();

    assertThat(closed).containsExactly("store");
  }
}
