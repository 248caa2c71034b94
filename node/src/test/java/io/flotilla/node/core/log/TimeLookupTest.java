package io.flotilla.node.core.log;

import static io.flotilla.node.core.log.Machine.P0;
import static io.flotilla.node.core.log.Machine.P1;
import static io.flotilla.node.core.log.Machine.anonymous;
import static io.flotilla.node.core.log.Machine.events;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.core.Seeds;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.EventBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The earliest offset at or after a time, exact although timestamps go backwards. */
class TimeLookupTest {

  private final Machine machine = new Machine();

  private @Nullable TimeHit find(long timestampMs, long end) {
    return machine.reader(P0).firstAtOrAfter(timestampMs, end, BatchLimits.defaults());
  }

  /** A batch whose header claims a larger timestamp than its events have. */
  private static EventBatch claiming(long maxTimestamp, EventBatch batch) {
    CRC32C crc = new CRC32C();
    ByteBuffer header = ByteBuffer.allocate(20);
    header.putInt(batch.getCompressionValue()).putInt(batch.getEventCount());
    header.putInt(batch.getUncompressedBytes()).putLong(maxTimestamp);
    crc.update(header.flip());
    crc.update(batch.getPayload().toByteArray());
    return batch.toBuilder()
        .setMaxTimestampUnixMs(maxTimestamp)
        .setCrc32C((int) crc.getValue())
        .build();
  }

  @Test
  void anEmptyLogHasNoSuchEvent() {
    assertThat(find(0, 0)).isNull();
    machine.append(P1, anonymous(events(50)));
    assertThat(find(0, 10)).isNull();
  }

  @Test
  void theEarliestOffsetIsGivenNotTheNearestTime() {
    machine.append(P0, anonymous(events(10, 90, 20)));
    machine.append(P0, anonymous(events(30, 21)));
    assertThat(find(21, 5)).isEqualTo(new TimeHit(1, 90));
    assertThat(find(10, 5)).isEqualTo(new TimeHit(0, 10));
    assertThat(find(-5, 5)).isEqualTo(new TimeHit(0, 10));
    assertThat(find(91, 5)).isNull();
  }

  @Test
  void onlyEventsBelowTheEndCount() {
    machine.append(P0, anonymous(events(10)));
    machine.append(P0, anonymous(events(20, 30)));
    assertThat(find(20, 1)).isNull();
    assertThat(find(20, 3)).isEqualTo(new TimeHit(1, 20));
  }

  @Test
  void aHeaderThatClaimsTooMuchOnlyCostsTime() {
    machine.append(P0, anonymous(claiming(500, events(10))));
    machine.append(P0, anonymous(events(100)));
    machine.append(P0, anonymous(events(400)));
    assertThat(find(50, 3)).isEqualTo(new TimeHit(1, 100));
    assertThat(find(300, 3)).isEqualTo(new TimeHit(2, 400));
    assertThat(find(450, 3)).isNull();
  }

  @Test
  void aBatchThatCannotBeOpenedIsPassedOver() {
    EventBatch batch = events(50).toBuilder().setPayload(ByteString.copyFromUtf8("??")).build();
    machine.append(P0, anonymous(batch));
    machine.append(P0, anonymous(events(40)));
    assertThat(find(30, 2)).isEqualTo(new TimeHit(1, 40));
  }

  @Test
  void whatWasTrimmedIsNotFoundAlthoughItsBlockRemembersIt() {
    machine.append(P0, anonymous(events(900, 10)));
    machine.append(P0, anonymous(events(20)));
    machine.append(P0, anonymous(events(30)));
    machine.trim(P0, 1);
    assertThat(find(5, 4)).isEqualTo(new TimeHit(1, 10));
    assertThat(find(500, 4)).isNull();
    machine.trim(P0, 3);
    assertThat(find(5, 4)).isEqualTo(new TimeHit(3, 30));
    machine.trim(P0, 4);
    assertThat(find(5, 4)).isNull();
  }

  @Test
  void theAnswerIsThatOfASearchFromTheStart() {
    Seeds.some(5).forEach(TimeLookupTest::answersAsASearchFromTheStart);
  }

  private static void answersAsASearchFromTheStart(long seed) {
    Random random = new Random(seed);
    // Short logs fill few blocks; long ones need all three levels that a test can reach.
    int batchEvents = random.nextBoolean() ? 4 : 4_000;
    Machine machine = new Machine();
    List<Long> model = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < 60; i++) {
      int count = 1 + random.nextInt(batchEvents);
      List<Event> events = new ArrayList<>();
      for (int j = 0; j < count; j++) {
        // Rises on the whole, with steps back.
        long time = Math.max(0, i * 10L + random.nextInt(200) - 100);
        model.add(time);
        events.add(Event.newBuilder().setTimestampUnixMs(time).build());
      }
      Compression compression = Compression.forNumber(1 + random.nextInt(3));
      machine.append(P0, anonymous(BatchCodec.encode(events, compression)));
      if (random.nextInt(10) == 0) {
        start += random.nextInt((model.size() - start) / 2 + 1);
        machine.trim(P0, start);
      }
    }
    assertAnswers(machine, model, start, seed);
  }

  private static void assertAnswers(Machine machine, List<Long> model, int start, long seed) {
    for (long time = 0; time < 750; time++) {
      TimeHit expected = null;
      for (int offset = start; offset < model.size() && expected == null; offset++) {
        expected = model.get(offset) >= time ? new TimeHit(offset, model.get(offset)) : null;
      }
      assertThat(machine.reader(P0).firstAtOrAfter(time, model.size(), BatchLimits.defaults()))
          .as("seed " + seed + " time " + time)
          .isEqualTo(expected);
    }
  }
}
