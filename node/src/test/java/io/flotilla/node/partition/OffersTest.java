package io.flotilla.node.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OffersTest {
  private static final long GROUP = 1_000;

  private final Offers offers = new Offers();

  @Test
  void nobodyIsOfferedTheSameLeadershipTwice() {
    assertThat(offers.isNew(GROUP, "2.aa", 7)).isTrue();
    offers.add(GROUP, "2.aa", 7);
    assertThat(offers.isNew(GROUP, "2.aa", 7)).isFalse();
    assertThat(offers.isNew(GROUP, "3.aa", 7)).isTrue();
    assertThat(offers.isNew(GROUP + 1, "2.aa", 7)).isTrue();
  }

  /** Sent away, called back and sent away again, all between two looks of the balancer. */
  @Test
  void aLeadershipThatCameBackIsOfferedAgain() {
    offers.add(GROUP, "2.aa", 7);
    assertThat(offers.isNew(GROUP, "2.aa", 9)).isTrue();
  }

  @Test
  void aGroupThatIsGoneIsForgotten() {
    offers.add(GROUP, "2.aa", 7);
    offers.add(GROUP + 1, "2.aa", 7);
    offers.retain(List.of(GROUP + 1));
    assertThat(offers.isNew(GROUP, "2.aa", 7)).isTrue();
    assertThat(offers.isNew(GROUP + 1, "2.aa", 7)).isFalse();
  }
}
