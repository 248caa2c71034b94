package io.flotilla.node.simulation;

import com.google.protobuf.Message;
import io.flotilla.node.core.group.GroupImage;
import io.flotilla.node.core.group.Groups;
import io.flotilla.node.core.log.Machine;
import io.flotilla.node.core.metadata.Metadata;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.proto.state.v1.Cleanup;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.ConsumerGroupOutcome;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.state.v1.DeleteCursor;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.ResetCursor;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.state.v1.UpdateTopics;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who changes topics and groups, and what nodes tell of themselves. Confined to one thread. */
final class Admin {

  private static final int TOPICS = 5;
  private static final int PARTITIONS_MAX = 3;

  /** A cursor that was not used for so long may be forgotten. */
  private static final long UNUSED_MS = 60_000;

  private final World world;
  // Creations whose answer did not come: name → request id, to ask again with the same.
  private final Map<String, String> open = new HashMap<>();
  private int requests;

  Admin(World world) {
    this.world = world;
  }

  static String topic(int number) {
    return "t" + number % TOPICS;
  }

  static String group(int number) {
    return "g" + number % 2;
  }

  void metadata(MetadataCommand.Builder command, Proposal.Client client) {
    world.cluster().propose(GroupIds.METADATA, new Proposal(command.build(), 0, client));
  }

  /** Odd ones are compacted. A creation that was not answered is asked for again as it was. */
  void create(int number, int partitions) {
    String name = topic(number);
    String request = open.computeIfAbsent(name, any -> "r" + ++requests + "p" + partitions);
    int count = 1 + Integer.parseInt(request.substring(request.indexOf('p') + 1)) % PARTITIONS_MAX;
    MetadataCommand.Builder command = Metadata.newTopic(name, count, request);
    TopicSettings.Builder settings = command.getCreateTopicBuilder().getSettingsBuilder();
    settings.setRetentionMs(1_000L * (1 + count));
    if (number % TOPICS % 2 == 1) {
      settings.setCleanup(Cleanup.CLEANUP_BOTH).setTombstoneRetentionMs(5_000);
    }
    metadata(
        command,
        (end, outcome) -> {
          if (end == Proposal.End.ANSWERED) {
            open.remove(name, request);
          }
        });
  }

  void drop(int number) {
    metadata(Metadata.delete(topic(number), 0), Proposal.NOBODY);
  }

  void alter(int number, int what) {
    TopicSettings.Builder settings = TopicSettings.newBuilder();
    settings.setRetentionMs(1_000 + what);
    if (what % 3 == 0) {
      settings.setTombstoneRetentionMs(what);
    }
    metadata(Metadata.alter(topic(number), settings.build()), Proposal.NOBODY);
  }

  /** Mostly one that is there. */
  private static MetadataCommand.Builder prefer(int what) {
    return Metadata.prefer(topic(what / 8), what / 16 % PARTITIONS_MAX, 1 + what / 64 % 4);
  }

  void register(int what, int node) {
    int id = 1 + node % world.cluster().nodes().size();
    metadata(
        switch (what % 3) {
          case 0 -> Metadata.allocate(1 + what % 7);
          case 1 -> Metadata.register(id, "i" + what % 3);
          default ->
              what % 2 == 0 ? Metadata.leads(id, 1_000 + what % 40, what % 50) : prefer(what);
        },
        Proposal.NOBODY);
  }

  /** Tells a group what there is, and what it knows that is no more. */
  void topics(int number) {
    UpdateTopics.Builder news =
        UpdateTopics.newBuilder().addAllTopics(SimMember.topics(world, "t*"));
    SimNode leader = world.cluster().leader(SimMember.COORDINATOR);
    GroupImage image =
        leader == null ? null : leader.groups(SimMember.COORDINATOR).get(group(number));
    if (image != null) {
      image.state().getTopicsList().stream()
          .filter(topic -> !world.image().topicsById().containsKey(topic.getTopicId()))
          .forEach(topic -> news.addGone(topic.getTopicId()));
      coordinate(number, Groups.update(news), Proposal.NOBODY);
    }
  }

  private void coordinate(
      int number, ConsumerGroupCommand.Builder command, Proposal.Client client) {
    world
        .cluster()
        .propose(
            SimMember.COORDINATOR,
            new Proposal(command.setGroup(group(number)).build(), 0, client));
  }

  void disband(int number) {
    coordinate(number, Groups.delete(0), Proposal.NOBODY);
  }

  /** A new generation first, as the product does, then with it the cursor. */
  void reset(int number, @Nullable PartitionId id, int where) {
    if (id != null) {
      coordinate(number, Groups.fence(), (end, outcome) -> fenced(number, id, where, outcome));
    }
  }

  private void fenced(int number, PartitionId id, int where, @Nullable Message message) {
    if (message instanceof ConsumerGroupOutcome outcome
        && outcome.getError() == ErrorReason.ERROR_REASON_UNSPECIFIED) {
      world.history().groups().fenced(group(number), id, outcome.getGeneration());
      CursorCommand.Builder reset =
          CursorCommand.newBuilder()
              .setGroup(group(number))
              .setGeneration(outcome.getGeneration())
              .setBornGeneration(outcome.getBornGeneration())
              .setReset(ResetCursor.newBuilder().setOffset(somewhere(id, where)));
      world.propose(id, reset, Proposal.NOBODY);
    }
  }

  /** Between 0 and a little behind the end. */
  private long somewhere(PartitionId id, int where) {
    return where % (world.history().partition(id).end() + 2);
  }

  /** As whoever has the generation that the group is in. */
  void forget(int number, @Nullable PartitionId id, int how) {
    SimNode leader = world.cluster().leader(SimMember.COORDINATOR);
    GroupImage image =
        leader == null ? null : leader.groups(SimMember.COORDINATOR).get(group(number));
    if (id == null || image == null) {
      return;
    }
    long since = how % 4 == 0 ? 0 : Math.max(1, world.cluster().nowMs() - UNUSED_MS);
    world.propose(
        id,
        CursorCommand.newBuilder()
            .setGroup(group(number))
            .setGeneration(image.state().getGeneration())
            .setBornGeneration(image.state().getBornGeneration())
            .setDelete(DeleteCursor.newBuilder().setUnlessCommittedSinceUnixMs(since)),
        Proposal.NOBODY);
  }

  /** A trim to somewhere, now and then beyond the end. */
  void trim(@Nullable PartitionId id, int where) {
    if (id != null) {
      PartitionLedger ledger = world.history().partition(id);
      boolean far = where % 16 == 0;
      long ahead = ledger.end() - ledger.start() + 2;
      long upTo =
          ledger.start() + where % (far ? ahead : ahead / 4 + 1) - (where % 32 == 0 ? 1 : 0);
      world.propose(Machine.trimOf(id, upTo), 0, Proposal.NOBODY);
    }
  }
}
