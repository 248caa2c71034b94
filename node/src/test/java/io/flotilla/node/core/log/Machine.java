package io.flotilla.node.core.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.core.Applied;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.MemoryStore;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.GroupCommand;
import io.flotilla.proto.state.v1.GroupOutcome;
import io.flotilla.proto.state.v1.PartitionCommand;
import io.flotilla.proto.state.v1.Trim;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.EventBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** A group's machine over a store in memory, as the adapter drives it: apply, commit, publish. */
public final class Machine {

  static final PartitionId P0 = new PartitionId(7, 0);
  static final PartitionId P1 = new PartitionId(7, 1);

  final List<String> heard = new ArrayList<>();

  /** Rows that readers may be given from memory, and when they must not be any more. */
  final List<String> announced = new ArrayList<>();

  final MemoryStore store = new MemoryStore();
  private PartitionGroupMachine machine;
  private long index;
  long timeMs = 1_000_000;

  Machine() {
    machine = open();
  }

  private PartitionGroupMachine open() {
    return new PartitionGroupMachine(1000, store, new Hearing());
  }

  /** Writes down what readers are told, in words. */
  private final class Hearing implements LogListener {
    @Override
    public void appended(PartitionId partition, List<byte[]> rows) {
      rows.forEach(
          row ->
              announced.add(partition + " +" + LogReader.decode(partition, row).getBaseOffset()));
    }

    @Override
    public void compacted(PartitionId partition) {
      announced.add(partition + " compacted");
    }

    @Override
    public void advanced(PartitionId partition, long logStartOffset, long highWatermark) {
      heard.add(partition + " " + logStartOffset + ".." + highWatermark);
    }
  }

  /** Forgets all that is only in memory. */
  void reopen() {
    machine = open();
  }

  LogReader reader(PartitionId partition) {
    return new LogReader(store, partition);
  }

  GroupOutcome apply(GroupCommand command) {
    try (WriteBatch batch = store.newBatch()) {
      ByteString outcome = machine.apply(new Applied(1, ++index), command.toByteString(), batch);
      store.commit(batch);
      machine.publish();
      return GroupOutcome.parseFrom(outcome);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  AppendOutcome append(PartitionId partition, AppendBatch append) {
    return apply(command(timeMs, of(partition, append))).getOutcomes(0);
  }

  AppendOutcome trim(PartitionId partition, long upTo) {
    return apply(command(timeMs, trimOf(partition, upTo))).getOutcomes(0);
  }

  public static PartitionCommand trimOf(PartitionId partition, long upTo) {
    return PartitionCommand.newBuilder()
        .setPartitionId(partition.toLong())
        .setTrim(Trim.newBuilder().setUpToOffset(upTo))
        .build();
  }

  public static GroupCommand command(long timeMs, PartitionCommand... commands) {
    return GroupCommand.newBuilder()
        .setTimeUnixMs(timeMs)
        .addAllCommands(List.of(commands))
        .build();
  }

  public static PartitionCommand of(PartitionId partition, AppendBatch append) {
    return PartitionCommand.newBuilder()
        .setPartitionId(partition.toLong())
        .setAppend(append)
        .build();
  }

  /** So many events of a producer. */
  public static AppendBatch sent(long producer, int epoch, int sequence, int events) {
    return AppendBatch.newBuilder()
        .setBatch(events(LongStream.range(0, events).toArray()))
        .setProducerId(producer)
        .setProducerEpoch(epoch)
        .setFirstSequence(sequence)
        .build();
  }

  /** Events without identity. */
  public static AppendBatch anonymous(EventBatch batch) {
    return AppendBatch.newBuilder().setBatch(batch).setFirstSequence(-1).build();
  }

  /** A batch of events with these timestamps. */
  static EventBatch events(long... timestamps) {
    return BatchCodec.encode(
        LongStream.of(timestamps)
            .mapToObj(
                t ->
                    Event.newBuilder()
                        .setTimestampUnixMs(t)
                        .setValue(ByteString.copyFromUtf8("at " + t))
                        .build())
            .toList(),
        Compression.COMPRESSION_NONE);
  }
}
