package io.flotilla.node.core.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.node.model.FlotillaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names and patterns of topics. */
class TopicPatternTest {

  @ParameterizedTest
  @CsvSource({
    "orders,orders,true",
    "orders,orders2,false",
    "orders*,orders2,true",
    "*,anything,true",
    "*.eu,orders.eu,true",
    "*.eu,orders.eu.old,false",
    "o*r*s,orders,true",
    "o*r*s,order,false",
    "a*b*c,abcbc,true",
    "**,x,true",
    "orders.v1,ordersxv1,false"
  })
  void matches(String pattern, String name, boolean does) {
    assertThat(TopicPattern.of(pattern).matches(name)).isEqualTo(does);
  }

  @Test
  void whatCanMatchNothingIsRefused() {
    for (String bad : new String[] {"", "a b", "a/b", "x".repeat(201)}) {
      assertThatThrownBy(() -> TopicPattern.of(bad)).isInstanceOf(FlotillaException.class);
    }
  }
}
