package io.flotilla.node.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.proto.types.v1.ErrorReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicNameTest {

  @Test
  void allowedNamesPass() {
    for (String name : List.of("a", "orders", "A.b_c-9", "_x", "...", "x".repeat(200))) {
      assertThatCode(() -> TopicName.check(name)).as(name).doesNotThrowAnyException();
    }
  }

  @Test
  void otherNamesAreRefusedWithWhatIsAllowed() {
    for (String name : List.of("", ".", "..", "__x", "a b", "ä", "a/b", "a\n", "x".repeat(201))) {
      assertThatThrownBy(() -> TopicName.check(name))
          .as(name)
          .hasMessageContaining("a-z A-Z 0-9")
          .isInstanceOfSatisfying(
              FlotillaException.class,
              e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT));
    }
  }
}
