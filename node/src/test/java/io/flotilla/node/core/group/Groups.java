package io.flotilla.node.core.group;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.core.Applied;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.MemoryStore;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.ConsumerGroupOutcome;
import io.flotilla.proto.state.v1.CoordinatorCommand;
import io.flotilla.proto.state.v1.CoordinatorOutcome;
import io.flotilla.proto.state.v1.DeleteGroup;
import io.flotilla.proto.state.v1.FenceGroup;
import io.flotilla.proto.state.v1.GroupTopic;
import io.flotilla.proto.state.v1.JoinMember;
import io.flotilla.proto.state.v1.MemberState;
import io.flotilla.proto.state.v1.OpenGroup;
import io.flotilla.proto.state.v1.OwnedPartition;
import io.flotilla.proto.state.v1.PartitionRef;
import io.flotilla.proto.state.v1.ReleaseOwned;
import io.flotilla.proto.state.v1.RemovalReason;
import io.flotilla.proto.state.v1.RemoveMember;
import io.flotilla.proto.state.v1.UpdateTopics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A coordinator's machine over a store in memory, as the adapter drives it; with short commands on
 * a group called g, and a picture of it in words. Topic "t1" has id 1, and so on.
 */
public final class Groups {

  static final long COORDINATOR = 101;
  static final String GROUP = "g";

  final MemoryStore store = new MemoryStore();
  final List<Collection<String>> heard = new ArrayList<>();
  private GroupMachine machine = new GroupMachine(COORDINATOR, store, heard::add);
  private final Map<String, Integer> partitions = new TreeMap<>();
  private long index;
  long timeMs = 1_000;

  /** Forgets all that is only in memory. */
  void reopen() {
    machine = new GroupMachine(COORDINATOR, store, heard::add);
  }

  Map<String, GroupImage> images() {
    return machine.images();
  }

  GroupImage image() {
    GroupImage image = machine.images().get(GROUP);
    if (image == null) {
      throw new AssertionError("there is no group");
    }
    return image;
  }

  /** What the metadata has. */
  Groups topic(String name, int count) {
    partitions.put(name, count);
    return this;
  }

  public static GroupTopic known(String name, int count) {
    return GroupTopic.newBuilder()
        .setTopicId(Integer.parseInt(name.substring(1)))
        .setName(name)
        .setPartitions(count)
        .build();
  }

  List<ConsumerGroupOutcome> apply(ConsumerGroupCommand.Builder... commands) {
    CoordinatorCommand.Builder entry = CoordinatorCommand.newBuilder().setTimeUnixMs(timeMs);
    for (ConsumerGroupCommand.Builder command : commands) {
      entry.addCommands(command);
    }
    return apply(entry.build());
  }

  List<ConsumerGroupOutcome> apply(CoordinatorCommand entry) {
    try (WriteBatch batch = store.newBatch()) {
      byte[] outcome =
          machine.apply(new Applied(1, ++index), entry.toByteString(), batch).toByteArray();
      store.commit(batch);
      machine.publish();
      return CoordinatorOutcome.parseFrom(outcome).getOutcomesList();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static ConsumerGroupCommand.Builder command() {
    return ConsumerGroupCommand.newBuilder().setGroup(GROUP);
  }

  JoinMember.Builder member(String id, String... topics) {
    JoinMember.Builder join =
        JoinMember.newBuilder()
            .setMemberId(id)
            .setSessionToken("token-" + id)
            .setSessionTimeoutMs(2_000)
            .addAllTopics(List.of(topics));
    partitions.forEach(
        (name, count) -> {
          for (String topic : topics) {
            if (TopicPattern.of(topic).matches(name)) {
              join.addKnownTopics(known(name, count));
              return;
            }
          }
        });
    return join;
  }

  ConsumerGroupCommand.Builder join(String id, String... topics) {
    return command().setJoin(member(id, topics));
  }

  public static ConsumerGroupCommand.Builder join(JoinMember.Builder join) {
    return command().setJoin(join);
  }

  public static ConsumerGroupCommand.Builder remove(String id, boolean left) {
    return command()
        .setRemove(
            RemoveMember.newBuilder()
                .setMemberId(id)
                .setReason(
                    left
                        ? RemovalReason.REMOVAL_REASON_LEFT
                        : RemovalReason.REMOVAL_REASON_EXPIRED));
  }

  /** Partitions as "1-0": topic id and partition. */
  public static ConsumerGroupCommand.Builder release(String id, String... which) {
    ReleaseOwned.Builder release = ReleaseOwned.newBuilder().setMemberId(id);
    for (String one : which) {
      int dash = one.indexOf('-');
      release.addPartitions(
          PartitionRef.newBuilder()
              .setTopicId(Integer.parseInt(one.substring(0, dash)))
              .setPartition(Integer.parseInt(one.substring(dash + 1))));
    }
    return command().setRelease(release);
  }

  public static ConsumerGroupCommand.Builder update(UpdateTopics.Builder news) {
    return command().setUpdateTopics(news);
  }

  public static ConsumerGroupCommand.Builder open() {
    return command().setOpen(OpenGroup.getDefaultInstance());
  }

  public static ConsumerGroupCommand.Builder fence() {
    return command().setFence(FenceGroup.getDefaultInstance());
  }

  public static ConsumerGroupCommand.Builder delete(long ifIdleSinceBefore) {
    return command()
        .setDelete(DeleteGroup.newBuilder().setIfIdleSinceBeforeUnixMs(ifIdleSinceBefore));
  }

  /** Has every member let go of what it is to let go. */
  void releaseAll() {
    for (MemberState member : image().members().values()) {
      String[] revoked = revoked(member).toArray(String[]::new);
      if (revoked.length > 0) {
        apply(release(member.getMemberId(), revoked));
      }
    }
  }

  public static List<String> revoked(MemberState member) {
    Set<PartitionRef> targets = new HashSet<>(member.getTargetList());
    List<String> revoked = new ArrayList<>();
    for (OwnedPartition owned : member.getOwnedList()) {
      PartitionRef ref =
          PartitionRef.newBuilder()
              .setTopicId(owned.getTopicId())
              .setPartition(owned.getPartition())
              .build();
      if (!targets.contains(ref)) {
        revoked.add(owned.getTopicId() + "-" + owned.getPartition());
      }
    }
    return revoked;
  }

  /**
   * The group in words: its generation, then who has what, since which generation, and what of it
   * is to be let go (in brackets).
   */
  String picture() {
    StringBuilder picture = new StringBuilder("gen " + image().state().getGeneration());
    for (MemberState member : image().members().values()) {
      picture.append(" | ").append(member.getMemberId()).append(':');
      List<String> revoked = revoked(member);
      for (OwnedPartition owned : member.getOwnedList()) {
        String name = owned.getTopicId() + "-" + owned.getPartition();
        String since = name + "@" + owned.getGeneration();
        picture.append(' ').append(revoked.contains(name) ? "(" + since + ")" : since);
      }
    }
    return picture.toString();
  }

  /** All that is owned: partition → generation; fails when two own one. */
  public static Map<PartitionId, Long> owned(GroupImage image) {
    Map<PartitionId, Long> owned = new TreeMap<>();
    for (MemberState member : image.members().values()) {
      for (OwnedPartition one : member.getOwnedList()) {
        PartitionId id = new PartitionId(one.getTopicId(), one.getPartition());
        if (owned.put(id, one.getGeneration()) != null) {
          throw new AssertionError(id + " has two owners: " + image);
        }
      }
    }
    return owned;
  }
}
