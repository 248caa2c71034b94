package io.flotilla.node.simulation;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.EventBatch;
import java.util.ArrayList;
import java.util.List;

/** Batches that no two sends share: each event holds its batch's number. Stateless. */
final class Payloads {

  /** Few, so that compaction has something to do. */
  private static final int KEYS = 24;

  private static final int SMALL_BYTES = 40;
  private static final int LARGE_BYTES = 6_000;
  private static final int LARGE_ONE_IN = 61;

  /** A few of these, and a log has more than one mark. */
  private static final int HUGE_BYTES = 250_000;

  private static final int HUGE_ONE_IN = 499;

  private Payloads() {}

  static EventBatch batch(long tag, int events, long nowMs) {
    List<Event> list = new ArrayList<>(events);
    for (int i = 0; i < events; i++) {
      int chance = (int) (RowSums.mix(tag, i) >>> 33);
      Event.Builder event =
          Event.newBuilder().setTimestampUnixMs(Math.max(0, nowMs + chance % 2_000 - 1_000));
      boolean keyed = chance % 8 != 0;
      if (keyed) {
        event.setKey(ByteString.copyFromUtf8("k" + (chance >>> 3) % KEYS));
      }
      if (!keyed || (chance >>> 9) % 5 != 0) {
        event.setValue(ByteString.copyFromUtf8(tag + "." + i + "-".repeat(padding(chance >>> 13))));
      }
      list.add(event.build());
    }
    return BatchCodec.encode(list, Compression.COMPRESSION_NONE);
  }

  /** Now and then a large one: then a step of compaction does not do all at once. */
  private static int padding(int chance) {
    if (chance % HUGE_ONE_IN == 0) {
      return HUGE_BYTES;
    }
    return chance % LARGE_ONE_IN == 0 ? LARGE_BYTES : chance % SMALL_BYTES;
  }
}
