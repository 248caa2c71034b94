package io.flotilla.node.simulation;

import io.flotilla.node.core.group.GroupImage;
import io.flotilla.node.core.group.Groups;
import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.GroupTopic;
import io.flotilla.proto.state.v1.MemberState;
import java.util.List;
import java.util.Map;

/**
 * The end of a run: everybody is well and reached, whatever was begun is ended, and then each
 * promise is checked on each node, and on one that replays everything. Confined to one thread.
 */
final class Quiet {

  /** Rounds in which all must have been answered; each is a retry of everything. */
  private static final int ROUNDS_MAX = 40;

  /** In which members let go, are given, claim, read and commit. */
  private static final int SHARE_ROUNDS = 6;

  private final World world;
  private final SimCluster cluster;
  private final List<SimProducer> producers;
  private final List<SimMember> members;

  Quiet(World world, List<SimProducer> producers, List<SimMember> members) {
    this.world = world;
    this.cluster = world.cluster();
    this.producers = producers;
    this.members = members;
  }

  void run() {
    heal();
    boolean idle = false;
    for (int round = 0; round < ROUNDS_MAX && !idle; round++) {
      settle();
      idle = true;
      for (SimProducer producer : producers) {
        idle &= producer.drain();
      }
    }
    Invariant.LIVE.holds(idle, "a producer is not answered");
    shareOut();
    producers.forEach(SimProducer::settle);
    check();
  }

  private void heal() {
    for (SimNode node : cluster.nodes()) {
      node.connect(true);
      if (!node.isUp()) {
        node.start();
      }
    }
  }

  /** Elects, commits and delivers everything, the metadata first, since they say what there is. */
  private void settle() {
    for (int pass = 0; pass < 2; pass++) {
      for (IdealRaft raft : List.copyOf(cluster.rafts().values())) {
        settle(raft);
      }
    }
  }

  private void settle(IdealRaft raft) {
    if (cluster.leader(raft.group()) == null) {
      for (SimNode node : cluster.nodes()) {
        if (node.replica(raft.group()) != null && cluster.elect(raft, node, Integer.MAX_VALUE)) {
          break;
        }
      }
    }
    cluster.commit(raft, Integer.MAX_VALUE);
    for (int i = 0; i < 3; i++) {
      for (SimNode node : cluster.nodes()) {
        Replica replica = node.replica(raft.group());
        if (replica != null) {
          cluster.deliver(node, replica, Integer.MAX_VALUE);
        }
      }
    }
  }

  /** The dead are expelled, the others let go and claim until everybody has what it should. */
  private void shareOut() {
    for (int round = 0; round < SHARE_ROUNDS; round++) {
      members.forEach(SimMember::sync);
      expelTheDead();
      settle();
      for (int which = 0; which < members.size(); which++) {
        for (SimMember member : members) {
          member.consume(which, cluster.node(which));
        }
      }
      settle();
    }
    groups()
        .forEach(
            (name, image) -> {
              long owned =
                  image.members().values().stream().mapToLong(MemberState::getOwnedCount).sum();
              long all =
                  image.state().getTopicsList().stream().mapToLong(GroupTopic::getPartitions).sum();
              Invariant.LIVE.holds(
                  !image.isRebalancing() && owned == all,
                  "%s: %d of %d partitions have an owner",
                  name,
                  owned,
                  all);
            });
  }

  private Map<String, GroupImage> groups() {
    SimNode leader = cluster.leader(SimMember.COORDINATOR);
    Invariant.LIVE.holds(leader != null, "the coordinator has no leader");
    return leader == null ? Map.of() : leader.groups(SimMember.COORDINATOR);
  }

  private void expelTheDead() {
    groups()
        .forEach(
            (name, image) -> {
              for (String id : image.members().keySet()) {
                if (members.stream().noneMatch(member -> member.lives(id))) {
                  ConsumerGroupCommand expel = Groups.remove(id, false).setGroup(name).build();
                  cluster.propose(SimMember.COORDINATOR, new Proposal(expel, 0, Proposal.NOBODY));
                }
              }
            });
  }

  private void check() {
    History history = world.history();
    for (SimNode node : cluster.nodes()) {
      history.metadata().check(node.image());
      Audit.nothingElse(node);
      for (Replica replica : node.replicas().values()) {
        Invariant.LIVE.holds(
            replica.applied().index() == cluster.raft(replica.group).committed(),
            "node %d has group %d up to %s only",
            node.id(),
            replica.group,
            replica.applied());
        cluster.compare(Invariant.O6, node, replica);
      }
    }
    SimNode last = cluster.node(cluster.nodes().size() - 1);
    for (GroupInfo group : world.image().groups().values()) {
      for (PartitionId id : group.partitions()) {
        new Audit(last, history.partition(id)).complete();
      }
    }
    cluster.replay();
  }
}
