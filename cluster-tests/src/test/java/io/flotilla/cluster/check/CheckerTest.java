package io.flotilla.cluster.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.check.History.Invocation;
import io.flotilla.cluster.check.Violation.Invariant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judge itself is judged: a good history passes, and each anomaly made by hand is found. */
class CheckerTest {
  private static final int NODES = 3;

  private final History history = new History();
  private final List<Seen> log = new ArrayList<>();

  @Test
  void goodHistoryPasses() {
    acknowledged("a");
    acknowledged("b");
    appendedWithoutAnswer("c");
    everyReplicaHolds(log);
    everythingIsRead();

    assertThat(Checker.check(history)).isEmpty();
  }

  @Test
  void lostWriteIsFound() {
    acknowledged("a");
    acknowledged("b");
    everyReplicaHolds(log.subList(0, 1));

    assertFound(Invariant.ACKNOWLEDGED_IS_KEPT);
  }

  @Test
  void writeThatOneReplicaLacksIsFound() {
    acknowledged("a");
    everyReplicaHolds(log);
    history.holds(0, 2, List.of());

    assertFound(Invariant.ACKNOWLEDGED_IS_KEPT);
    assertFound(Invariant.REPLICAS_AGREE);
  }

  @Test
  void failedWriteThatAppearsIsFound() {
    history.invoke(1, 0, "a").failed();
    log.add(new Seen(0, 0, "a"));
    everyReplicaHolds(log);

    assertFound(Invariant.FAILED_IS_ABSENT);
  }

  @Test
  void eventThatNobodyWroteIsFound() {
    acknowledged("a");
    log.add(new Seen(0, 1, "b"));
    everyReplicaHolds(log);

    assertFound(Invariant.NO_PHANTOM);
  }

  @Test
  void readThatVanishesIsFound() {
    appendedWithoutAnswer("a");
    history.read(1, log.get(0));
    everyReplicaHolds(List.of());

    assertFound(Invariant.READ_IS_KEPT);
  }

  @Test
  void laterWriteAtSmallerOffsetIsFound() {
    history.invoke(1, 0, "a").acknowledged(0, 1);
    history.invoke(2, 0, "b").acknowledged(0, 0);
    log.addAll(List.of(new Seen(0, 0, "b"), new Seen(0, 1, "a")));
    everyReplicaHolds(log);

    assertFound(Invariant.REAL_TIME_ORDER);
  }

  @Test
  void twoValuesAtOneOffsetAreFound() {
    acknowledged("a");
    history.invoke(2, 0, "b");
    everyReplicaHolds(log);
    history.read(1, new Seen(0, 0, "b"));

    assertFound(Invariant.ONE_VALUE_PER_OFFSET);
  }

  @Test
  void reorderedWriterIsFound() {
    history.invoke(1, 0, "a");
    history.invoke(1, 1, "b");
    log.addAll(List.of(new Seen(0, 0, "b"), new Seen(0, 1, "a")));
    everyReplicaHolds(log);

    assertFound(Invariant.WRITER_ORDER);
  }

  @Test
  void gapOfReaderIsFound() {
    acknowledged("a");
    acknowledged("b");
    acknowledged("c");
    everyReplicaHolds(log);
    history.read(1, log.get(0));
    history.read(1, log.get(2));

    assertFound(Invariant.READER_ORDER);
  }

  @Test
  void readerThatGoesBackIsFound() {
    acknowledged("a");
    acknowledged("b");
    everyReplicaHolds(log);
    everythingIsRead();
    history.read(1, log.get(0));

    assertFound(Invariant.READER_ORDER);
  }

  @Test
  void duplicateIsFound() {
    acknowledged("a");
    log.add(new Seen(0, 1, "a"));
    everyReplicaHolds(log);

    assertFound(Invariant.AT_MOST_ONCE);
  }

  @Test
  void replicasWithDifferentEventsAreFound() {
    acknowledged("a");
    history.invoke(2, 0, "b");
    history.invoke(3, 0, "c");
    everyReplicaHolds(List.of(log.get(0), new Seen(0, 1, "b")));
    history.holds(0, 3, List.of(log.get(0), new Seen(0, 1, "c")));

    assertFound(Invariant.REPLICAS_AGREE);
  }

  @Test
  void eventsThatDifferInMoreThanTheirValuesAreFound() {
    acknowledged("a");
    everyReplicaHolds(log);
    history.digest(0, 1, "one");
    history.digest(0, 2, "one");
    history.digest(0, 3, "other");

    assertFound(Invariant.REPLICAS_AGREE);
  }

  @Test
  void halfABatchIsFound() {
    Invocation first = appendedWithoutAnswer("a");
    history.together(List.of(first, history.invoke(1, 1, "b")));
    everyReplicaHolds(log);

    assertFound(Invariant.BATCH_IS_WHOLE);
  }

  @Test
  void batchWithAStrangerInItIsFound() {
    Invocation first = appendedWithoutAnswer("a");
    appendedWithoutAnswer("stranger");
    history.together(List.of(first, appendedWithoutAnswer("b")));
    everyReplicaHolds(log);

    assertFound(Invariant.BATCH_IS_WHOLE);
  }

  @Test
  void endThatFallsIsFound() {
    history.saw(new Fact.BoundsSeen(0, 0, 5, 1, 2));
    history.saw(new Fact.BoundsSeen(0, 0, 4, 3, 4));

    assertFound(Invariant.BOUNDS_NEVER_FALL);
  }

  @Test
  void startThatFallsIsFound() {
    history.saw(new Fact.BoundsSeen(0, 3, 5, 1, 2));
    history.saw(new Fact.BoundsSeen(0, 2, 5, 3, 4));

    assertFound(Invariant.BOUNDS_NEVER_FALL);
  }

  @Test
  void endsOfCallsThatOverlapMayDiffer() {
    history.saw(new Fact.BoundsSeen(0, 0, 5, 1, 4));
    history.saw(new Fact.BoundsSeen(0, 0, 4, 2, 3));

    assertThat(Checker.check(history)).isEmpty();
  }

  @Test
  void endThatDoesNotKnowOfAnAcknowledgedEventIsFound() {
    acknowledged("a");
    everyReplicaHolds(log);
    long now = System.nanoTime();
    history.saw(new Fact.BoundsSeen(0, 0, 0, now, now + 1));

    assertFound(Invariant.END_IS_CURRENT);
  }

  @Test
  void goodGroupPasses() {
    history.saw(new Fact.Assigned("m1", 0, 1, 0, 1));
    history.saw(new Fact.Delivered("m1", 0, 0, 2));
    history.saw(new Fact.Committed("m1", 0, 1, 1, 3, 4));
    history.saw(new Fact.Assigned("m2", 0, 2, 1, 5));
    history.saw(new Fact.CommitSeen(0, 1, 5, 6));

    assertThat(Checker.check(history)).isEmpty();
  }

  @Test
  void twoOwnersInOneGenerationAreFound() {
    history.saw(new Fact.Assigned("m1", 0, 1, 0, 1));
    history.saw(new Fact.Assigned("m2", 0, 1, 0, 2));

    assertFound(Invariant.ONE_OWNER);
  }

  @Test
  void generationThatFallsIsFound() {
    history.saw(new Fact.Assigned("m1", 0, 2, 0, 1));
    history.saw(new Fact.Assigned("m1", 0, 1, 0, 2));

    assertFound(Invariant.GENERATION_RISES);
  }

  @Test
  void commitOfADeposedOwnerIsFound() {
    history.saw(new Fact.Assigned("m1", 0, 1, 0, 1));
    history.saw(new Fact.Assigned("m2", 0, 2, 0, 2));
    history.saw(new Fact.Delivered("m2", 0, 0, 3));
    history.saw(new Fact.Committed("m2", 0, 1, 2, 3, 4));
    history.saw(new Fact.Committed("m1", 0, 1, 1, 5, 6));

    assertFound(Invariant.COMMIT_OF_OWNER_ONLY);
  }

  @Test
  void commitThatTheNextOwnerDoesNotKnowIsFound() {
    history.saw(new Fact.Assigned("m1", 0, 1, 0, 1));
    history.saw(new Fact.Delivered("m1", 0, 0, 2));
    history.saw(new Fact.Committed("m1", 0, 1, 1, 3, 4));
    history.saw(new Fact.Assigned("m2", 0, 2, 0, 5));

    assertFound(Invariant.COMMIT_IS_KEPT);
  }

  @Test
  void commitThatFallsIsFound() {
    history.saw(new Fact.Assigned("m1", 0, 1, 0, 1));
    history.saw(new Fact.CommitSeen(0, 5, 1, 2));
    history.saw(new Fact.CommitSeen(0, 0, 3, 4));

    assertFound(Invariant.COMMIT_IS_KEPT);
  }

  @Test
  void eventThatNobodyGotIsFound() {
    history.saw(new Fact.Assigned("m1", 0, 1, 0, 1));
    history.saw(new Fact.Delivered("m1", 0, 1, 2));
    history.saw(new Fact.Committed("m1", 0, 2, 1, 3, 4));

    assertFound(Invariant.COMMITTED_IS_DELIVERED);
  }

  @Test
  void topicThatVanishedIsFound() {
    history.saw(new Fact.TopicStep("orders", 7, 1));
    history.saw(new Fact.TopicSeen(1, "orders", 7));
    history.saw(new Fact.TopicSeen(2, "orders", 0));

    assertFound(Invariant.TOPIC_IS_KEPT);
  }

  @Test
  void topicThatCameBackIsFound() {
    history.saw(new Fact.TopicStep("orders", 7, 1));
    history.saw(new Fact.TopicStep("orders", 0, 2));
    history.saw(new Fact.TopicStep("orders", 7, 3));

    assertFound(Invariant.TOPIC_IS_NEW);
  }

  @Test
  void processThatForgetsMetadataIsFound() {
    history.saw(new Fact.RevisionSeen(1, 5, 1, 2));
    history.saw(new Fact.RevisionSeen(2, 3, 3, 4));
    history.saw(new Fact.RevisionSeen(1, 4, 5, 6));

    assertFound(Invariant.REVISION_NEVER_FALLS);
  }

  @Test
  void acceptedGapIsFound() {
    history.saw(new Fact.Tried(Invariant.GAP_IS_REFUSED, "a gap", false, 1));
    assertThat(Checker.check(history)).isEmpty();

    history.saw(new Fact.Tried(Invariant.GAP_IS_REFUSED, "a gap", true, 2));

    assertFound(Invariant.GAP_IS_REFUSED);
  }

  @Test
  void aRepeatedBatchThatGetsAnotherPlaceIsFound() {
    history.saw(new Fact.Tried(Invariant.REPEAT_IS_THE_SAME, "at 3, is at 3", false, 1));
    assertThat(Checker.check(history)).isEmpty();

    history.saw(new Fact.Tried(Invariant.REPEAT_IS_THE_SAME, "at 3, is at 9", true, 2));

    assertFound(Invariant.REPEAT_IS_THE_SAME);
  }

  @Test
  void historyIsTheSameWhenItWasWrittenAndRead(@TempDir Path folder) {
    acknowledged("a");
    history.together(List.of(appendedWithoutAnswer("b"), appendedWithoutAnswer("c")));
    everyReplicaHolds(log);
    everythingIsRead();
    history.digest(0, 1, "one");
    history.saw(new Fact.Fault("kill node 1", 5));
    history.saw(new Fact.Tried(Invariant.OLD_EPOCH_IS_REFUSED, "an old epoch", false, 1));

    HistoryFile.write(history, folder.resolve("history.jsonl"));
    History read = HistoryFile.read(folder.resolve("history.jsonl"));

    assertThat(read.writes()).isEqualTo(history.writes());
    assertThat(read.readers()).isEqualTo(history.readers());
    assertThat(read.replicas()).isEqualTo(history.replicas());
    assertThat(read.digests()).isEqualTo(history.digests());
    assertThat(List.copyOf(read.batches())).isEqualTo(List.copyOf(history.batches()));
    assertThat(read.facts(Fact.class)).isEqualTo(history.facts(Fact.class));
    assertThat(Checker.check(read)).isEmpty();
  }

  private void acknowledged(String value) {
    Invocation invocation = appendedWithoutAnswer(value);
    invocation.acknowledged(0, log.size() - 1L);
  }

  private Invocation appendedWithoutAnswer(String value) {
    Invocation invocation = history.invoke(1, log.size(), value);
    log.add(new Seen(0, log.size(), value));
    return invocation;
  }

  private void everyReplicaHolds(List<Seen> events) {
    for (int node = 1; node <= NODES; node++) {
      history.holds(0, node, events);
    }
  }

  private void everythingIsRead() {
    log.forEach(event -> history.read(1, event));
  }

  private void assertFound(Invariant invariant) {
    assertThat(Checker.check(history)).extracting(Violation::invariant).contains(invariant);
  }
}
