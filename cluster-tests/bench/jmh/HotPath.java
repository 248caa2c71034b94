package io.flotilla.bench;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.core.log.PartitionGroupMachine;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.node.store.rocks.RocksSettings;
import io.flotilla.node.store.rocks.RocksStore;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.GroupCommand;
import io.flotilla.proto.state.v1.PartitionCommand;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.StoredBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The hot pieces of a node, each alone on one thread: a batch of 100 events of 1,000 bytes is
 * packed, checked, unpacked; an entry of two such batches is applied to a store on disk; the same
 * entry's batches are read back. Microseconds an operation; a CPU-second a GB is 1e-5 of that for
 * the first three, half of it for the last two.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class HotPath {
  private static final int EVENTS = 100;
  private static final int EVENT_BYTES = 1_000;
  private static final int BATCHES_AN_ENTRY = 2;
  private static final BatchLimits LIMITS = BatchLimits.defaults();
  private static final PartitionId PARTITION = new PartitionId(1, 0);

  @Param({"COMPRESSION_NONE", "COMPRESSION_LZ4"})
  public Compression compression;

  private List<Event> events;
  private EventBatch batch;
  private ByteString entry;
  private Path folder;
  private RocksStore store;
  private PartitionGroupMachine machine;
  private long index;

  @Setup
  public void open() throws IOException {
    Random random = new Random(1);
    events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      StringBuilder text = new StringBuilder("{\"user\":").append(random.nextInt(1_000_000));
      while (text.length() < EVENT_BYTES) {
        text.append(",\"f").append(random.nextInt(50)).append("\":").append(random.nextLong());
      }
      text.setLength(EVENT_BYTES);
      byte[] value = text.toString().getBytes(StandardCharsets.US_ASCII);
      events.add(Event.newBuilder().setValue(ByteString.copyFrom(value)).build());
    }
    batch = BatchCodec.encode(events, compression);
    GroupCommand.Builder command =
        GroupCommand.newBuilder().setTimeUnixMs(System.currentTimeMillis());
    for (int i = 0; i < BATCHES_AN_ENTRY; i++) {
      command.addCommands(
          PartitionCommand.newBuilder()
              .setPartitionId(PARTITION.toLong())
              .setAppend(AppendBatch.newBuilder().setBatch(batch).setFirstSequence(-1)));
    }
    entry = command.build().toByteString();
    folder = Files.createTempDirectory("hot-path-");
    store =
        RocksStore.open(
            folder,
            RocksSettings.defaults(),
            (what, why) -> {
              throw new IllegalStateException(what, why);
            });
    machine = new PartitionGroupMachine(1_000, store, (partition, start, end) -> {});
    apply();
  }

  @TearDown
  public void close() throws IOException {
    store.close();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /** Events to a batch: a raw producer's, which the node packs. */
  @Benchmark
  public EventBatch encode() {
    return BatchCodec.encode(events, compression);
  }

  /** Header, sizes and checksum of a batch that a client packed. */
  @Benchmark
  public EventBatch check() {
    BatchCodec.check(batch, LIMITS);
    return batch;
  }

  /** A batch to events: for a reader that wants events. */
  @Benchmark
  public List<Event> decode() {
    return BatchCodec.decode(batch, LIMITS);
  }

  /** A Raft entry to rows in the store, its flushes included. */
  @Benchmark
  public ByteString apply() {
    ByteString outcome;
    try (WriteBatch rows = store.newBatch()) {
      outcome = machine.apply(new Applied(1, ++index), entry, rows);
      store.commit(rows);
    }
    machine.publish();
    return outcome;
  }

  /** The first batches of the log from the store. */
  @Benchmark
  public List<StoredBatch> read() {
    LogReader reader = new LogReader(store, PARTITION);
    int bytes = BATCHES_AN_ENTRY * batch.getSerializedSize();
    return reader.read(0, (long) BATCHES_AN_ENTRY * EVENTS, bytes);
  }
}
