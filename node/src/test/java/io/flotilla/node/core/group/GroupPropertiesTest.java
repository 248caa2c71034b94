package io.flotilla.node.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.core.Seeds;
import io.flotilla.node.core.StoreRows;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.CoordinatorCommand;
import io.flotilla.proto.state.v1.MemberState;
import io.flotilla.proto.state.v1.OwnedPartition;
import io.flotilla.proto.state.v1.UpdateTopics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds of a group whatever happens to it. */
class GroupPropertiesTest {

  private static final int ENTRIES = 300;

  /** Random entries; releases name what a machine that lived through them would revoke. */
  private static List<CoordinatorCommand> history(long seed) {
    Random random = new Random(seed);
    Groups model = new Groups().topic("t1", 5).topic("t2", 3);
    List<CoordinatorCommand> history = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      CoordinatorCommand.Builder entry = CoordinatorCommand.newBuilder().setTimeUnixMs(1_000 + i);
      for (int j = random.nextInt(3); j >= 0; j--) {
        entry.addCommands(command(random, model));
      }
      model.apply(entry.build());
      history.add(entry.build());
    }
    return history;
  }

  private static ConsumerGroupCommand.Builder command(Random random, Groups model) {
    String id = "m" + random.nextInt(5);
    GroupImage image = model.images().get(Groups.GROUP);
    return switch (random.nextInt(10)) {
      case 0, 1 -> Groups.remove(id, random.nextBoolean());
      case 2 ->
          Groups.join(
              model
                  .member(id + "-" + random.nextInt(3), "t1")
                  .setInstanceId("i" + random.nextInt(2)));
      case 3 ->
          Groups.update(
              UpdateTopics.newBuilder()
                  .addTopics(Groups.known("t" + (1 + random.nextInt(3)), 1 + random.nextInt(7))));
      case 4 -> Groups.update(UpdateTopics.newBuilder().addGone(1 + random.nextInt(3)));
      case 5 -> random.nextBoolean() ? Groups.delete(0) : Groups.open();
      case 6 -> model.join(id, "t1", "t2");
      case 7 -> model.join(id, random.nextBoolean() ? "t*" : "t2");
      default -> release(random, image, id);
    };
  }

  private static ConsumerGroupCommand.Builder release(
      Random random, @Nullable GroupImage image, String id) {
    if (image == null || image.members().isEmpty()) {
      return Groups.release(id, "1-0");
    }
    List<MemberState> members = List.copyOf(image.members().values());
    MemberState member = members.get(random.nextInt(members.size()));
    return Groups.release(member.getMemberId(), Groups.revoked(member).toArray(String[]::new));
  }

  @Test
  void aPartitionHasOneOwnerAndEachNextOneAHigherGeneration() {
    Seeds.some(10)
        .forEach(
            seed -> {
              Groups groups = new Groups();
              Map<PartitionId, Long> granted = new HashMap<>();
              Map<PartitionId, String> owners = new HashMap<>();
              long generation = 0;
              for (CoordinatorCommand entry : history(seed)) {
                groups.apply(entry);
                GroupImage image = groups.images().get(Groups.GROUP);
                if (image == null) {
                  continue;
                }
                assertThat(image.state().getGeneration())
                    .as("seed " + seed)
                    .isGreaterThanOrEqualTo(generation);
                generation = image.state().getGeneration();
                Groups.owned(image); // Fails when a partition has two owners.
                check(seed, image, granted, owners);
              }
            });
  }

  private static void check(
      long seed,
      GroupImage image,
      Map<PartitionId, Long> granted,
      Map<PartitionId, String> owners) {
    for (MemberState member : image.members().values()) {
      for (OwnedPartition one : member.getOwnedList()) {
        PartitionId id = new PartitionId(one.getTopicId(), one.getPartition());
        Long before = granted.put(id, one.getGeneration());
        String owner = owners.put(id, member.getMemberId());
        if (owner != null && !owner.equals(member.getMemberId())) {
          assertThat(one.getGeneration())
              .as("seed %d: %s goes from %s to %s", seed, id, owner, member.getMemberId())
              .isGreaterThan(before);
        }
      }
    }
  }

  @Test
  void onceEverythingIsLetGoAllIsSharedOutEvenly() {
    Seeds.some(10)
        .forEach(
            seed -> {
              Groups groups = new Groups();
              for (CoordinatorCommand entry : history(seed)) {
                groups.apply(entry);
              }
              if (!groups.images().containsKey(Groups.GROUP)) {
                return;
              }
              groups.releaseAll();
              GroupImage image = groups.image();
              assertThat(image.isRebalancing()).as("seed " + seed).isFalse();
              long wanted =
                  image.state().getTopicsList().stream().mapToLong(t -> t.getPartitions()).sum();
              assertThat(Groups.owned(image)).as("seed " + seed).hasSize((int) wanted);
              isEven(seed, image);
            });
  }

  /** Members that want the same differ by one at most, unless others take from them unevenly. */
  private static void isEven(long seed, GroupImage image) {
    Map<List<String>, List<MemberState>> alike =
        image.members().values().stream()
            .collect(Collectors.groupingBy(member -> member.getTopicsList()));
    if (alike.size() == 1) {
      List<Integer> sizes =
          image.members().values().stream().map(MemberState::getOwnedCount).sorted().toList();
      assertThat(sizes.get(sizes.size() - 1) - sizes.get(0)).as("seed " + seed).isBetween(0, 1);
    }
  }

  @Test
  void twinsAreEqualByteForByte() {
    Seeds.some(5)
        .forEach(
            seed -> {
              Groups one = new Groups();
              Groups other = new Groups();
              for (CoordinatorCommand entry : history(seed)) {
                assertThat(one.apply(entry)).as("seed " + seed).isEqualTo(other.apply(entry));
              }
              assertThat(StoreRows.of(one.store))
                  .as("seed " + seed)
                  .isEqualTo(StoreRows.of(other.store));
              assertThat(one.heard).as("seed " + seed).isEqualTo(other.heard);
            });
  }

  @Test
  void reopeningAtAnyPointChangesNothing() {
    Seeds.some(5)
        .forEach(
            seed -> {
              Groups lived = new Groups();
              Groups reopened = new Groups();
              for (CoordinatorCommand entry : history(seed)) {
                reopened.reopen();
                assertThat(reopened.images()).as("seed " + seed).isEqualTo(lived.images());
                assertThat(reopened.apply(entry)).as("seed " + seed).isEqualTo(lived.apply(entry));
              }
              assertThat(StoreRows.of(reopened.store))
                  .as("seed " + seed)
                  .isEqualTo(StoreRows.of(lived.store));
            });
  }
}
