package io.flotilla.node.core.metadata;

import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.CoordinatorPlacement;
import io.flotilla.proto.state.v1.CreateCoordinators;
import io.flotilla.proto.state.v1.GroupState;
import java.util.List;

/** Coordinator groups come; they stay for good. Confined to the thread that applies. */
record CoordinatorCommands(MetadataState state) {

  void create(CreateCoordinators command, WriteBatch batch) {
    command.getCoordinatorsList().forEach(CoordinatorCommands::check);
    boolean changed = false;
    for (CoordinatorPlacement placement : command.getCoordinatorsList()) {
      if (!state.groups().containsKey(placement.getGroup())) {
        GroupState row =
            GroupState.newBuilder()
                .setGroup(placement.getGroup())
                .addAllPeers(placement.getReplicas().getPeersList())
                .build();
        state.putGroup(row, List.of(), batch);
        changed = true;
      }
    }
    if (changed) {
      state.raiseRevision(batch);
    }
  }

  private static void check(CoordinatorPlacement placement) {
    if (!Coordinators.isCoordinator(placement.getGroup())) {
      throw FlotillaException.invalid("group " + placement.getGroup() + " is no coordinator");
    }
    if (placement.getReplicas().getPeersCount() == 0) {
      throw FlotillaException.invalid("group " + placement.getGroup() + " has no replicas");
    }
    TopicCommands.nodeIds(placement.getReplicas());
  }
}
