package io.flotilla.node.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HighWatermarkTest {

  private final HighWatermark watermark = new HighWatermark(0, 10);
  private final List<String> signals = new ArrayList<>();

  @Test
  void aReaderIsSignalledOnceWhenTheOffsetCanBeRead() {
    watermark.await(10, () -> signals.add("at 10"));
    watermark.await(12, () -> signals.add("at 12"));

    watermark.advance(0, 11);
    watermark.advance(0, 12);

    assertThat(signals).containsExactly("at 10");
    watermark.advance(0, 13);
    assertThat(signals).containsExactly("at 10", "at 12");
  }

  @Test
  void aReaderBehindTheWatermarkIsSignalledAtOnce() {
    watermark.await(9, () -> signals.add("now"));

    assertThat(signals).containsExactly("now");
  }

  @Test
  void itNeverFalls() {
    watermark.advance(4, 20);
    watermark.advance(2, 15);

    assertThat(watermark.value()).isEqualTo(20);
    assertThat(watermark.logStartOffset()).isEqualTo(4);
  }

  @Test
  void aCancelledReaderIsForgotten() {
    watermark.await(10, () -> signals.add("gone")).cancel();

    watermark.advance(0, 11);

    assertThat(signals).isEmpty();
  }

  @Test
  void closingSignalsEverybodyAlsoThoseWhoComeLater() {
    watermark.await(100, () -> signals.add("waiting"));

    watermark.close();
    watermark.await(200, () -> signals.add("late"));

    assertThat(signals).containsExactly("waiting", "late");
  }
}
