package io.flotilla.node.simulation;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.CoordinatorCommand;
import io.flotilla.proto.state.v1.CoordinatorOutcome;
import io.flotilla.proto.state.v1.GroupCommand;
import io.flotilla.proto.state.v1.GroupOutcome;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.state.v1.PartitionCommand;
import java.util.List;

/** Packs commands into the entries of each kind of group, and unpacks outcomes. Stateless. */
final class Entries {

  private Entries() {}

  /** Commands that one entry of the group takes, if it may take so many. */
  static int commandsMax(long group, int wanted) {
    return group == GroupIds.METADATA ? 1 : wanted;
  }

  static ByteString pack(long group, long timeMs, List<Proposal> proposals) {
    if (group == GroupIds.METADATA) {
      MetadataCommand command = (MetadataCommand) proposals.get(0).command();
      return command.toBuilder().setTimeUnixMs(timeMs).build().toByteString();
    }
    if (Coordinators.isCoordinator(group)) {
      CoordinatorCommand.Builder entry = CoordinatorCommand.newBuilder().setTimeUnixMs(timeMs);
      proposals.forEach(one -> entry.addCommands((ConsumerGroupCommand) one.command()));
      return entry.build().toByteString();
    }
    GroupCommand.Builder entry = GroupCommand.newBuilder().setTimeUnixMs(timeMs);
    proposals.forEach(one -> entry.addCommands((PartitionCommand) one.command()));
    return entry.build().toByteString();
  }

  static List<? extends Message> outcomes(long group, ByteString bytes) {
    try {
      if (group == GroupIds.METADATA) {
        return List.of(MetadataOutcome.parseFrom(bytes));
      }
      return Coordinators.isCoordinator(group)
          ? CoordinatorOutcome.parseFrom(bytes).getOutcomesList()
          : GroupOutcome.parseFrom(bytes).getOutcomesList();
    } catch (InvalidProtocolBufferException e) {
      throw new Violation(Invariant.ALIVE, e);
    }
  }
}
