package io.flotilla.node.core.log;

import static io.flotilla.node.core.log.Machine.P0;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.batch.BatchOffsets;
import io.flotilla.proto.state.v1.Compact;
import io.flotilla.proto.state.v1.GroupCommand;
import io.flotilla.proto.state.v1.PartitionCommand;
import io.flotilla.proto.state.v1.Trim;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.StoredBatch;
import java.util.ArrayList;
import java.util.List;

/** A log that tests write and compact, one event a word. */
class CompactedLog {

  static final long GRACE_MS = 1_000;

  final Machine machine = new Machine();
  long nowMs = 10_000;

  void at(long timeMs, String... events) {
    machine.timeMs = timeMs;
    append(events);
  }

  CompactionPlan plan(CompactionRules rules, long timeMs) {
    return machine.reader(P0).compactionPlan(rules, timeMs);
  }

  void trim(long upTo) {
    machine.apply(
        Machine.command(
            nowMs,
            PartitionCommand.newBuilder()
                .setPartitionId(P0.toLong())
                .setTrim(Trim.newBuilder().setUpToOffset(upTo))
                .build()));
  }

  /** "key=value", "key" for a tombstone, "=value" for an event without a key. */
  void append(String... events) {
    machine.append(P0, batch(events));
  }

  static io.flotilla.proto.state.v1.AppendBatch batch(String... events) {
    List<Event> encoded = new ArrayList<>();
    for (String event : events) {
      encoded.add(event(event));
    }
    return Machine.anonymous(BatchCodec.encode(encoded, Compression.COMPRESSION_NONE));
  }

  static Event event(String text) {
    int at = text.indexOf('=');
    Event.Builder event = Event.newBuilder().setTimestampUnixMs(1);
    if (at != 0) {
      event.setKey(ByteString.copyFromUtf8(at < 0 ? text : text.substring(0, at)));
    }
    if (at >= 0) {
      event.setValue(ByteString.copyFromUtf8(text.substring(at + 1)));
    }
    return event.build();
  }

  void compact(long upTo) {
    Compact command = command(upTo);
    while (apply(command)) {
      assertThat(machine.reader(P0).state().getCompaction().getIndexedOffset()).isNotNegative();
    }
  }

  static PartitionCommand compaction(Compact step) {
    return PartitionCommand.newBuilder().setPartitionId(P0.toLong()).setCompact(step).build();
  }

  Compact command(long upTo) {
    return Compact.newBuilder()
        .setUpToOffset(upTo)
        .setTimeUnixMs(nowMs)
        .setTombstonesExpireUnixMs(nowMs + GRACE_MS)
        .setBytesMax(Compaction.BYTES_MAX)
        .build();
  }

  boolean apply(Compact compact) {
    GroupCommand entry = Machine.command(nowMs, compaction(compact));
    return machine.apply(entry).getOutcomes(0).getMore();
  }

  List<String> log() {
    LogReader reader = machine.reader(P0);
    List<String> log = new ArrayList<>();
    for (StoredBatch batch : reader.read(0, reader.state().getNextOffset(), Integer.MAX_VALUE)) {
      List<Event> events = BatchCodec.decode(batch.getBatch(), BatchLimits.defaults());
      for (int i = 0; i < events.size(); i++) {
        Event event = events.get(i);
        String value = event.hasValue() ? "=" + event.getValue().toStringUtf8() : "";
        log.add(BatchOffsets.of(batch, i) + " " + event.getKey().toStringUtf8() + value);
      }
    }
    return log;
  }
}
