package io.flotilla.node.core.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.StateMachine;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.GroupCommand;
import io.flotilla.proto.state.v1.GroupOutcome;
import io.flotilla.proto.state.v1.PartitionCommand;
import io.flotilla.proto.state.v1.PartitionState;
import java.io.IOException;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The state machine of a Raft group that carries partitions, one or many: hands each command to the
 * log of its partition. Confined to the thread that applies. A log is opened from the store when
 * its first command comes. Payload bytes are not copied on the way from the entry to the row.
 */
public final class PartitionGroupMachine implements StateMachine {

  private final long group;
  private final Store store;
  private final LogListener listener;
  private final SortedMap<PartitionId, EventLog> logs = new TreeMap<>();
  private final SortedSet<PartitionId> changed = new TreeSet<>();
  private final SortedSet<PartitionId> compacted = new TreeSet<>();

  public PartitionGroupMachine(long group, Store store, LogListener listener) {
    this.group = group;
    this.store = store;
    this.listener = listener;
  }

  @Override
  public ByteString apply(Applied at, ByteString command, WriteBatch batch) {
    GroupCommand entry = decode(at, command);
    GroupOutcome.Builder outcome = GroupOutcome.newBuilder();
    for (PartitionCommand partitionCommand : entry.getCommandsList()) {
      outcome.addOutcomes(apply(at, entry.getTimeUnixMs(), partitionCommand, batch));
    }
    return outcome.build().toByteString();
  }

  private AppendOutcome apply(Applied at, long timeMs, PartitionCommand command, WriteBatch batch) {
    PartitionId partition = PartitionId.of(command.getPartitionId());
    EventLog log = log(partition, batch);
    PartitionState before = log.state();
    AppendOutcome answer =
        switch (command.getCommandCase()) {
          case APPEND -> log.append(timeMs, command.getAppend(), batch);
          case TRIM -> log.trim(command.getTrim().getUpToOffset(), batch);
          case COMPACT -> {
            compacted.add(partition);
            yield log.compact(command.getCompact(), batch);
          }
          case CURSOR -> log.cursor(timeMs, command.getCursor(), batch);
          case COMMAND_NOT_SET ->
              throw new IllegalStateException(
                  "group " + group + " cannot apply " + at + ": its command is of a newer version");
        };
    if (log.state().getNextOffset() > before.getNextOffset()
        || log.state().getLogStartOffset() > before.getLogStartOffset()) {
      changed.add(partition);
    }
    return answer;
  }

  private GroupCommand decode(Applied at, ByteString command) {
    CodedInputStream in = command.newCodedInput();
    in.enableAliasing(true);
    try {
      return GroupCommand.parseFrom(in);
    } catch (IOException e) {
      throw new IllegalStateException("group " + group + " cannot read its command at " + at, e);
    }
  }

  private EventLog log(PartitionId partition, View view) {
    EventLog log = logs.get(partition);
    if (log == null) {
      log = EventLog.open(view, partition);
      logs.put(partition, log);
    }
    return log;
  }

  @Override
  public void publish() {
    compacted.forEach(listener::compacted);
    compacted.clear();
    for (PartitionId partition : changed) {
      EventLog log = log(partition, store);
      listener.appended(partition, log.takeAppended());
      listener.advanced(partition, log.state().getLogStartOffset(), log.state().getNextOffset());
      log.reclaim(store);
    }
    changed.clear();
  }
}
