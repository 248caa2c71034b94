package io.flotilla.node.simulation;

import com.google.protobuf.Message;
import io.flotilla.node.core.group.GroupImage;
import io.flotilla.node.core.group.Groups;
import io.flotilla.node.core.group.TopicPattern;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.ClaimCursor;
import io.flotilla.proto.state.v1.CommitCursor;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.ConsumerGroupOutcome;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.state.v1.GroupTopic;
import io.flotilla.proto.state.v1.JoinMember;
import io.flotilla.proto.state.v1.MemberState;
import io.flotilla.proto.state.v1.OwnedPartition;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A member of a consumer group: claims what it was given, reads, commits what it has read. What it
 * knows is as old as its last look; when it was expelled meanwhile it goes on as if it were not.
 * Confined to one thread.
 */
final class SimMember {

  static final long COORDINATOR = Coordinators.FIRST;

  private static final int READ_BYTES = 400;

  /** A partition that it was given. */
  private static final class Share {
    final long generation;
    final SimReader reader;
    boolean asked;
    boolean claimed;

    Share(long generation, SimReader reader) {
      this.generation = generation;
      this.reader = reader;
    }
  }

  private final World world;
  private final String name;
  private final String group;
  private final String pattern;
  private final Map<PartitionId, Share> shares = new TreeMap<>();
  private long bornGeneration;
  private int life;
  private boolean joined;

  SimMember(World world, String name, String group, String pattern) {
    this.world = world;
    this.name = name;
    this.group = group;
    this.pattern = pattern;
  }

  /** What the metadata have for a pattern. */
  static List<GroupTopic> topics(World world, String pattern) {
    return world.image().topics().values().stream()
        .filter(topic -> new TopicPattern(pattern).matches(topic.name()))
        .map(SimMember::known)
        .toList();
  }

  private static GroupTopic known(TopicInfo topic) {
    return GroupTopic.newBuilder()
        .setTopicId(topic.topicId())
        .setName(topic.name())
        .setPartitions(topic.partitionCount())
        .build();
  }

  private String id() {
    return name + "-" + life;
  }

  private void propose(ConsumerGroupCommand.Builder command, Proposal.Client client) {
    world.cluster().propose(COORDINATOR, new Proposal(command.setGroup(group).build(), 0, client));
  }

  void join() {
    if (joined) {
      return;
    }
    life++;
    shares.clear();
    JoinMember.Builder join =
        JoinMember.newBuilder()
            .setMemberId(id())
            .setSessionToken("token-" + id())
            .setSessionTimeoutMs(2_000)
            .addTopics(pattern)
            .addAllKnownTopics(topics(world, pattern));
    propose(Groups.join(join), this::joined);
  }

  private void joined(Proposal.End end, @Nullable Message message) {
    // When it does not hear of it, the coordinator has it expelled one day, or never had it.
    joined =
        message instanceof ConsumerGroupOutcome outcome
            && outcome.getError() == ErrorReason.ERROR_REASON_UNSPECIFIED;
  }

  void leave() {
    if (joined) {
      propose(Groups.remove(id(), true), Proposal.NOBODY);
      joined = false;
      shares.clear();
    }
  }

  /** The coordinator thinks it dead. */
  void expire() {
    propose(Groups.remove(id(), false), Proposal.NOBODY);
  }

  /** Hears from the coordinator's leader what it has. */
  void sync() {
    SimNode leader = world.cluster().leader(COORDINATOR);
    GroupImage image = leader == null ? null : leader.groups(COORDINATOR).get(group);
    MemberState me = image == null ? null : image.members().get(id());
    if (me == null || image == null) {
      // Its id is not there yet, or not any more: it begins anew, but for a while it may not know.
      joined &= leader == null || image == null;
      return;
    }
    bornGeneration = image.state().getBornGeneration();
    Map<PartitionId, Long> owned =
        me.getOwnedList().stream()
            .collect(
                Collectors.toMap(
                    one -> new PartitionId(one.getTopicId(), one.getPartition()),
                    OwnedPartition::getGeneration));
    List<String> revoked = Groups.revoked(me);
    if (!revoked.isEmpty()) {
      propose(Groups.release(id(), revoked.toArray(String[]::new)), Proposal.NOBODY);
    }
    Set<String> letGo = Set.copyOf(revoked);
    owned.keySet().removeIf(one -> letGo.contains(one.topicId() + "-" + one.partition()));
    shares.entrySet().removeIf(one -> !isOf(owned, one.getKey(), one.getValue()));
    owned.forEach(
        (id, generation) ->
            shares.computeIfAbsent(id, any -> new Share(generation, new SimReader(world))));
  }

  private static boolean isOf(Map<PartitionId, Long> owned, PartitionId id, Share share) {
    Long generation = owned.get(id);
    return generation != null && generation == share.generation;
  }

  /** Claims, or reads on and commits. */
  void consume(int which, SimNode node) {
    if (shares.isEmpty()) {
      return;
    }
    PartitionId id = List.copyOf(shares.keySet()).get(which % shares.size());
    Share share = shares.get(id);
    if (share == null) {
      return;
    }
    if (!share.claimed) {
      if (!share.asked) {
        share.asked = true;
        CursorCommand.Builder claim =
            command(share).setClaim(ClaimCursor.newBuilder().setInitialOffset(0));
        world.propose(id, claim, (end, outcome) -> claimed(id, share, outcome));
      }
      return;
    }
    share.reader.read(id, node, READ_BYTES);
    CursorLedger cursors = world.history().partition(id).cursors();
    cursors.delivered(group, share.generation, share.reader.position());
    CommitCursor.Builder commit =
        CommitCursor.newBuilder().setOffset(share.reader.position()).setClaimed(true);
    world.propose(
        id, command(share).setCommit(commit), (end, outcome) -> committed(id, share, outcome));
  }

  private CursorCommand.Builder command(Share share) {
    return CursorCommand.newBuilder()
        .setGroup(group)
        .setGeneration(share.generation)
        .setBornGeneration(bornGeneration);
  }

  private void claimed(PartitionId id, Share share, @Nullable Message message) {
    share.asked = false;
    if (message instanceof AppendOutcome outcome) {
      if (outcome.getError() == ErrorReason.ERROR_REASON_UNSPECIFIED) {
        share.claimed = true;
        share.reader.seek(id, outcome.getCursor().getOffset());
      } else {
        shares.remove(id, share);
      }
    }
  }

  private void committed(PartitionId id, Share share, @Nullable Message message) {
    if (message instanceof AppendOutcome outcome
        && outcome.getError() != ErrorReason.ERROR_REASON_UNSPECIFIED) {
      shares.remove(id, share);
    }
  }

  /** Whether a member id is its own now. */
  boolean lives(String memberId) {
    return joined && memberId.equals(id());
  }
}
