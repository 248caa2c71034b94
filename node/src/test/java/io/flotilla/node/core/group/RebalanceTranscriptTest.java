package io.flotilla.node.core.group;

import static io.flotilla.node.core.group.Groups.delete;
import static io.flotilla.node.core.group.Groups.fence;
import static io.flotilla.node.core.group.Groups.known;
import static io.flotilla.node.core.group.Groups.open;
import static io.flotilla.node.core.group.Groups.release;
import static io.flotilla.node.core.group.Groups.remove;
import static io.flotilla.node.core.group.Groups.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.core.StoreRows;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.PartitionRacks;
import io.flotilla.proto.state.v1.UpdateTopics;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every way in which a group's partitions change hands. Read as: what happens, then the picture.
 * "1-0@3" = partition 0 of topic 1, owned since generation 3; in brackets: to be let go.
 */
class RebalanceTranscriptTest {

  private final Groups groups = new Groups();

  @BeforeEach
  void aTopicOfFour() {
    groups.topic("t1", 4);
  }

  private void sees(String picture) {
    assertThat(groups.picture()).isEqualTo(picture);
  }

  private ErrorReason refused(ConsumerGroupCommand.Builder command) {
    List<String> before = StoreRows.of(groups.store);
    var outcome = groups.apply(command).get(0);
    assertThat(outcome.getMessage()).isNotEmpty();
    assertThat(StoreRows.of(groups.store)).as("a refusal writes nothing").isEqualTo(before);
    return outcome.getError();
  }

  @Test
  void theFirstMemberHasEverything() {
    groups.apply(groups.join("a", "t1"));
    sees("gen 2 | a: 1-0@2 1-1@2 1-2@2 1-3@2");
  }

  @Test
  void aSecondMemberGetsHalfAsTheFirstLetsGo() {
    groups.apply(groups.join("a", "t1"));
    groups.apply(groups.join("b", "t1"));
    sees("gen 3 | a: 1-0@2 1-1@2 (1-2@2) (1-3@2) | b:");
    groups.apply(release("a", "1-3"));
    sees("gen 3 | a: 1-0@2 1-1@2 (1-2@2) | b: 1-3@3");
    groups.apply(release("a", "1-2"));
    sees("gen 3 | a: 1-0@2 1-1@2 | b: 1-2@3 1-3@3");
  }

  @Test
  void aMemberThatLeavesGivesAllAtOnce() {
    groups.apply(groups.join("a", "t1"), groups.join("b", "t1"));
    sees("gen 2 | a: 1-0@2 1-2@2 | b: 1-1@2 1-3@2");
    groups.apply(remove("b", true));
    sees("gen 3 | a: 1-0@2 1-1@3 1-2@2 1-3@3");
  }

  @Test
  void aMemberThatExpiresGivesAllAtOnceAndTheGroupRemembersWhy() {
    groups.apply(groups.join("a", "t1"), groups.join("b", "t1"));
    groups.apply(remove("a", false));
    sees("gen 3 | b: 1-0@3 1-1@2 1-2@3 1-3@2");
    assertThat(groups.image().state().getEventsList())
        .extracting(event -> event.getGeneration() + " " + event.getWhat())
        .containsExactly("2 a joined", "2 b joined", "3 a was not heard of and is expelled");
  }

  @Test
  void theLastMembersEndLeavesTheGroupIdleInANewGeneration() {
    groups.apply(groups.join("a", "t1"));
    groups.timeMs = 5_000;
    groups.apply(remove("a", true));
    sees("gen 3");
    assertThat(groups.image().state().getIdleSinceUnixMs()).isEqualTo(5_000);
  }

  @Test
  void removingWhoIsGoneChangesNothing() {
    groups.apply(groups.join("a", "t1"));
    groups.apply(remove("b", true));
    sees("gen 2 | a: 1-0@2 1-1@2 1-2@2 1-3@2");
  }

  @Test
  void whatIsNotRevokedCannotBeLetGo() {
    groups.apply(groups.join("a", "t1"));
    groups.apply(release("a", "1-0", "7-7"));
    sees("gen 2 | a: 1-0@2 1-1@2 1-2@2 1-3@2");
    assertThat(refused(release("b", "1-0"))).isEqualTo(ErrorReason.ERROR_REASON_MEMBER_FENCED);
  }

  @Test
  void aRevocationThatIsWithdrawnKeepsTheOldGeneration() {
    groups.apply(groups.join("a", "t1"));
    groups.apply(groups.join("b", "t1"));
    groups.apply(remove("b", true));
    sees("gen 4 | a: 1-0@2 1-1@2 1-2@2 1-3@2");
  }

  @Test
  void whoIsRemovedWhileLettingGoLeavesNothingBehind() {
    groups.apply(groups.join("a", "t1"));
    groups.apply(groups.join("b", "t1"));
    groups.apply(remove("a", false));
    sees("gen 4 | b: 1-0@4 1-1@4 1-2@4 1-3@4");
  }

  @Test
  void twoThatJoinInOneEntryAreSharedOutOnce() {
    groups.apply(groups.join("a", "t1"), groups.join("b", "t1"));
    sees("gen 2 | a: 1-0@2 1-2@2 | b: 1-1@2 1-3@2");
  }

  @Test
  void aStaticMembersSuccessorGetsItsPlaceInANewGenerationAndNobodyElseIsTouched() {
    groups.apply(Groups.join(groups.member("a", "t1").setInstanceId("i")), groups.join("b", "t1"));
    groups.apply(Groups.join(groups.member("c", "t1").setInstanceId("i")));
    sees("gen 3 | b: 1-1@2 1-3@2 | c: 1-0@3 1-2@3");
    assertThat(refused(release("a", "1-0"))).isEqualTo(ErrorReason.ERROR_REASON_MEMBER_FENCED);
  }

  @Test
  void whatAStaticMemberWasToLetGoIsFreeWhenItIsTakenOver() {
    groups.apply(Groups.join(groups.member("a", "t1").setInstanceId("i")));
    groups.apply(groups.join("b", "t1"));
    sees("gen 3 | a: 1-0@2 1-1@2 (1-2@2) (1-3@2) | b:");
    groups.apply(Groups.join(groups.member("c", "t1").setInstanceId("i")));
    sees("gen 4 | b: 1-2@4 1-3@4 | c: 1-0@4 1-1@4");
  }

  @Test
  void aTopicThatAppearsJoinsByItsPatternAndIsDiscovered() {
    groups.apply(groups.join("a", "t*"));
    groups.apply(update(UpdateTopics.newBuilder().addTopics(known("t2", 1))));
    sees("gen 3 | a: 1-0@2 1-1@2 1-2@2 1-3@2 2-0@3");
    assertThat(groups.image().state().getTopicsList())
        .extracting(topic -> topic.getName() + " " + topic.getFirstDiscovered())
        .containsExactly("t1 4", "t2 0");
  }

  @Test
  void aTopicThatGrowsIsDiscoveredInPart() {
    groups.apply(groups.join("a", "t1"));
    groups.apply(update(UpdateTopics.newBuilder().addTopics(known("t1", 6))));
    sees("gen 3 | a: 1-0@2 1-1@2 1-2@2 1-3@2 1-4@3 1-5@3");
    assertThat(groups.image().state().getTopics(0).getFirstDiscovered()).isEqualTo(4);
  }

  @Test
  void aTopicThatIsGoneIsNobodysAtOnce() {
    groups.topic("t2", 1).apply(groups.join("a", "t1", "t2"));
    groups.apply(update(UpdateTopics.newBuilder().addGone(1)));
    sees("gen 3 | a: 2-0@2");
  }

  @Test
  void aTopicOfTheSameNameIsAnotherOne() {
    groups.apply(groups.join("a", "t1"));
    groups.apply(
        update(
            UpdateTopics.newBuilder()
                .addGone(1)
                .addTopics(known("t1", 2).toBuilder().setTopicId(9))));
    sees("gen 3 | a: 9-0@3 9-1@3");
  }

  @Test
  void whoWantsOtherTopicsSaysSoAgain() {
    groups.topic("t2", 2);
    groups.apply(groups.join("a", "t1"), groups.join("b", "t1"));
    groups.apply(groups.join("b", "t2"));
    sees("gen 3 | a: 1-0@2 1-2@2 | b: (1-1@2) (1-3@2) 2-0@3 2-1@3");
    groups.apply(release("b", "1-1", "1-3"));
    sees("gen 3 | a: 1-0@2 1-1@3 1-2@2 1-3@3 | b: 2-0@3 2-1@3");
    assertThat(refused(Groups.join(groups.member("b", "t1").setSessionToken("somebody else's"))))
        .isEqualTo(ErrorReason.ERROR_REASON_MEMBER_FENCED);
  }

  @Test
  void aGroupThatIsMadeAgainBeginsAboveTheOldOne() {
    groups.apply(groups.join("a", "t1"));
    groups.apply(remove("a", true));
    groups.apply(delete(0));
    assertThat(groups.images()).isEmpty();
    var outcome = groups.apply(groups.join("b", "t1")).get(0);
    sees("gen 5 | b: 1-0@5 1-1@5 1-2@5 1-3@5");
    assertThat(outcome.getBornGeneration()).isEqualTo(4);
  }

  @Test
  void aGroupForCommitsWithoutMembersIsOpenedFencedAndForgotten() {
    assertThat(groups.apply(open()).get(0).getGeneration()).isEqualTo(1);
    assertThat(groups.apply(fence()).get(0).getGeneration()).isEqualTo(2);
    groups.timeMs = 9_000;
    groups.apply(open());
    groups.apply(delete(9_000));
    assertThat(groups.images()).as("used since").containsKey("g");
    groups.apply(delete(9_001));
    assertThat(groups.images()).isEmpty();
    assertThat(refused(fence())).isEqualTo(ErrorReason.ERROR_REASON_GROUP_NOT_FOUND);
    assertThat(refused(delete(0))).isEqualTo(ErrorReason.ERROR_REASON_GROUP_NOT_FOUND);
  }

  @Test
  void whileThereAreMembersNobodyElseCommitsResetsOrDeletes() {
    groups.apply(groups.join("a", "t1"));
    for (var command : List.of(open(), fence(), delete(0))) {
      assertThat(refused(command)).isEqualTo(ErrorReason.ERROR_REASON_GROUP_NOT_EMPTY);
    }
    groups.apply(delete(Long.MAX_VALUE));
    assertThat(groups.images()).as("it is not idle").containsKey("g");
  }

  @Test
  void limitsAreKept() {
    assertThat(refused(Groups.join(groups.member("", "t1"))))
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    assertThat(refused(groups.join("a"))).isEqualTo(ErrorReason.ERROR_REASON_GROUP_LIMIT);
    groups.topic("t2", GroupLimits.PARTITIONS_MAX + 1);
    assertThat(refused(groups.join("a", "t2"))).isEqualTo(ErrorReason.ERROR_REASON_GROUP_LIMIT);
    for (int i = 0; i < GroupLimits.MEMBERS_MAX; i += 500) {
      ConsumerGroupCommand.Builder[] joins = new ConsumerGroupCommand.Builder[500];
      for (int j = 0; j < joins.length; j++) {
        joins[j] = groups.join("m" + (i + j), "t1");
      }
      groups.apply(joins);
    }
    assertThat(refused(groups.join("one-too-many", "t1")))
        .isEqualTo(ErrorReason.ERROR_REASON_GROUP_LIMIT);
  }

  @Test
  void rangesKeepNeighboursAndEqualNumbersTogether() {
    groups.topic("t1", 3).topic("t2", 3);
    groups.apply(
        Groups.join(groups.member("a", "t*").setAssignor(Assignor.RANGE)),
        Groups.join(groups.member("b", "t*").setAssignor(Assignor.RANGE)));
    sees("gen 2 | a: 1-0@2 1-1@2 2-0@2 2-1@2 | b: 1-2@2 2-2@2");
  }

  @Test
  void partitionsGoWhereAReplicaIsInTheRackAsFarAsThatIsEven() {
    var racks =
        known("t1", 4).toBuilder()
            .addRacks(PartitionRacks.newBuilder().addRacks("north"))
            .addRacks(PartitionRacks.newBuilder().addRacks("north"))
            .addRacks(PartitionRacks.newBuilder().addRacks("south"))
            .addRacks(PartitionRacks.newBuilder().addRacks("south"))
            .build();
    groups.apply(
        Groups.join(
            groups
                .member("a", "t1")
                .setAssignor(Assignor.RACK_AWARE)
                .setRack("south")
                .clearKnownTopics()
                .addKnownTopics(racks)),
        Groups.join(
            groups
                .member("b", "t1")
                .setAssignor(Assignor.RACK_AWARE)
                .setRack("north")
                .clearKnownTopics()));
    sees("gen 2 | a: 1-2@2 1-3@2 | b: 1-0@2 1-1@2");
  }

  @Test
  void whatMostMembersWantIsDone() {
    groups.topic("t1", 3);
    groups.apply(
        Groups.join(groups.member("a", "t1").setAssignor(Assignor.RANGE)),
        groups.join("b", "t1"),
        groups.join("c", "t1"));
    assertThat(groups.image().state().getAssignor()).isEqualTo(Assignor.STICKY);
  }
}
