package io.flotilla.node.core.metadata;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.GroupLeader;
import io.flotilla.proto.state.v1.RegisterNode;
import io.flotilla.proto.state.v1.ReportLeaders;
import java.util.List;

/** What nodes tell of themselves. Confined to the thread that applies. */
record NodeCommands(MetadataState state) {

  void register(RegisterNode command, WriteBatch batch) {
    if (command.getNodeId() < 1 || command.getIncarnation().isEmpty()) {
      throw FlotillaException.invalid(
          "a node registers with an id of at least 1 and an incarnation, not "
              + command.getNodeId()
              + "."
              + command.getIncarnation());
    }
    NodeInfo now = MetadataReader.node(command);
    NodeInfo before = state.nodes().get(command.getNodeId());
    if (now.equals(before)) {
      return;
    }
    if (before != null && !before.peerId().equals(now.peerId())) {
      replace(before.peerId(), now.peerId(), batch);
    }
    state.putNode(command, batch);
    state.raiseRevision(batch);
  }

  /** A node with a new disk takes the places that it had in the groups, as a new member. */
  private void replace(String before, String now, WriteBatch batch) {
    for (GroupInfo group : List.copyOf(state.groups().values())) {
      if (group.peers().contains(before)) {
        List<String> peers =
            group.peers().stream().map(peer -> peer.equals(before) ? now : peer).toList();
        state.putPeers(group, peers, batch);
      }
    }
  }

  void reportLeaders(ReportLeaders command, WriteBatch batch) {
    boolean changed = false;
    for (GroupLeader leader : command.getLeadersList()) {
      GroupInfo group = state.groups().get(leader.getGroup());
      if (group != null && isNews(group, leader)) {
        state.putLeader(group, leader, batch);
        changed = true;
      }
    }
    if (changed) {
      state.raiseRevision(batch);
    }
  }

  private static boolean isNews(GroupInfo group, GroupLeader leader) {
    return leader.getTerm() > group.leaderTerm()
        || (leader.getTerm() == group.leaderTerm() && leader.getNodeId() != group.leaderNode());
  }
}
