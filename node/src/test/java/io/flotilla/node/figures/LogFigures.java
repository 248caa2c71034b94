package io.flotilla.node.figures;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.core.log.PartitionGroupMachine;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.node.store.rocks.RocksSettings;
import io.flotilla.node.store.rocks.RocksStore;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.GroupCommand;
import io.flotilla.proto.state.v1.PartitionCommand;
import io.flotilla.proto.state.v1.Trim;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.Event;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntToLongFunction;
import java.util.stream.Stream;

/**
 * Measures a partition's log on a real disk, without Raft: {@code LogFigures times|space FOLDER
 * [MIB BATCH_BYTES SHARE]}. Not a test; the figures go into the change log of whoever changes the
 * log.
 */
public final class LogFigures {

  private static final PartitionId P0 = new PartitionId(1, 0);
  private static final PartitionId P1 = new PartitionId(1, 1);
  private static final int EVENTS = 10_000_000;
  private static final int LOOKUPS = 10_000;

  private final Store store;
  private final PartitionGroupMachine machine;
  private final Random random = new Random(7);
  private long index;

  private LogFigures(Store store) {
    this.store = store;
    this.machine = new PartitionGroupMachine(1000, store, (partition, start, end) -> {});
  }

  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory(Path.of(args[1]), "figures-");
    try (Store store = RocksStore.open(folder, RocksSettings.defaults(), (what, cause) -> {})) {
      LogFigures figures = new LogFigures(store);
      if (args[0].equals("times")) {
        figures.times("rising", i -> i);
        figures.times("random", i -> figures.random.nextInt(EVENTS));
        figures.times("backwards", i -> EVENTS - i);
      } else {
        figures.space(
            folder,
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]),
            Integer.parseInt(args[4]));
      }
    } finally {
      delete(folder);
    }
  }

  private void apply(PartitionCommand.Builder command) {
    try (WriteBatch batch = store.newBatch()) {
      GroupCommand entry =
          GroupCommand.newBuilder().setTimeUnixMs(index).addCommands(command).build();
      machine.apply(new Applied(1, ++index), entry.toByteString(), batch);
      store.commit(batch);
      machine.publish();
    }
  }

  private void append(PartitionId partition, List<Event> events) {
    AppendBatch batch =
        AppendBatch.newBuilder()
            .setBatch(BatchCodec.encode(events, Compression.COMPRESSION_NONE))
            .setFirstSequence(-1)
            .build();
    apply(PartitionCommand.newBuilder().setPartitionId(partition.toLong()).setAppend(batch));
  }

  private void times(String order, IntToLongFunction timestamp) {
    PartitionId partition = new PartitionId(1, order.length());
    long started = System.nanoTime();
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      events.add(
          Event.newBuilder()
              .setTimestampUnixMs(timestamp.applyAsLong(i))
              .setValue(ByteString.EMPTY)
              .build());
      if (events.size() == 100) {
        append(partition, events);
        events.clear();
      }
    }
    store.flush();
    say("%s: %,d events appended in %d ms", order, EVENTS, millis(started));
    lookUp(order, partition);
    apply(
        PartitionCommand.newBuilder()
            .setPartitionId(partition.toLong())
            .setTrim(Trim.newBuilder().setUpToOffset(EVENTS / 2 + 77)));
    lookUp(order + ", half of it trimmed", partition);
  }

  private void lookUp(String what, PartitionId partition) {
    LogReader reader = new LogReader(store, partition);
    long[] nanos = new long[LOOKUPS];
    int found = 0;
    for (int i = -LOOKUPS / 5; i < LOOKUPS; i++) {
      long wanted = random.nextInt(EVENTS);
      long started = System.nanoTime();
      boolean hit = reader.firstAtOrAfter(wanted, EVENTS, BatchLimits.defaults()) != null;
      if (i >= 0) {
        nanos[i] = System.nanoTime() - started;
        found += hit ? 1 : 0;
      }
    }
    Arrays.sort(nanos);
    say(
        "%s: lookup p50 %d us, p99 %d us, max %d us (%d of %d found)",
        what,
        nanos[LOOKUPS / 2] / 1000,
        nanos[LOOKUPS * 99 / 100] / 1000,
        nanos[LOOKUPS - 1] / 1000,
        found,
        LOOKUPS);
  }

  /**
   * One partition of so many MiB, beside another that gets one batch in so many as the first; then
   * the first one keeps a tenth, and in the end both go.
   */
  private void space(Path folder, int mib, int batchBytes, int share) {
    byte[] value = new byte[batchBytes];
    long batches = ((long) mib << 20) / batchBytes;
    for (long i = 0; i < batches; i++) {
      random.nextBytes(value);
      List<Event> event = List.of(Event.newBuilder().setValue(ByteString.copyFrom(value)).build());
      append(P0, event);
      if (i % share == 0) {
        append(P1, event);
      }
      if (store.bytesSinceFlush() > 64 << 20) {
        store.flush();
      }
    }
    store.flush();
    long before = bytes(folder);
    long upTo = new LogReader(store, P0).state().getNextOffset() * 9 / 10;
    long started = System.nanoTime();
    apply(
        PartitionCommand.newBuilder()
            .setPartitionId(P0.toLong())
            .setTrim(Trim.newBuilder().setUpToOffset(upTo)));
    long applied = millis(started);
    long kept = stored(P0) + stored(P1);
    say("on disk %,d bytes; trim applied in %d ms; kept %,d bytes", before, applied, kept);
    while (millis(started) < 60_000 && bytes(folder) > kept * 3 / 2) {
      LockSupport.parkNanos(20_000_000);
    }
    say("on disk %,d bytes after %d ms", bytes(folder), millis(started));
    for (PartitionId each : List.of(P0, P1)) {
      LogReader reader = new LogReader(store, each);
      var state = reader.state();
      var digest = reader.digest(state.getLogStartOffset(), state.getNextOffset(), Long.MAX_VALUE);
      say("%s: %,d bytes readable %s", each, digest.bytes(), digest.corrupt());
    }
    drop(folder);
  }

  /** Both partitions, as when their topic is deleted. */
  private void drop(Path folder) {
    long started = System.nanoTime();
    try (WriteBatch batch = store.newBatch()) {
      LogReader.dropPartition(P0, batch);
      LogReader.dropPartition(P1, batch);
      store.commit(batch);
    }
    LogReader.reclaimTopic(P0.topicId(), store);
    while (millis(started) < 60_000 && bytes(folder) > 4 << 20) {
      LockSupport.parkNanos(20_000_000);
    }
    say("topic dropped: on disk %,d bytes after %d ms", bytes(folder), millis(started));
  }

  private long stored(PartitionId partition) {
    return new LogReader(store, partition).state().getStoredBytes();
  }

  /** Files may go while they are counted. */
  private static long bytes(Path folder) {
    File[] files = folder.toFile().listFiles();
    return files == null ? 0 : Stream.of(files).mapToLong(File::length).sum();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  private static long millis(long started) {
    return (System.nanoTime() - started) / 1_000_000;
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static void say(String format, Object... values) {
    System.err.println(String.format(Locale.ROOT, format, values));
  }
}
